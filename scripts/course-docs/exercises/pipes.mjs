/** An end that stays open, and a pipe that two read. */
export const pipe1 = [
  {
    title: ['To read to the end, with the write end open', '쓰는 쪽을 열어 둔 채 끝까지 읽기'],
    ts: '   posix.wait()\n+  posix.read(fds[0], buf)\n',
    c: '     wait(NULL);\n+    read(fds[0], buf, sizeof buf);\n',
    seen: ['parent: Who are you?', '부모: 너는 누구니?'],
    hangs: true,
    why: [
      'The child has ended, and still the second read waits: there is one more who could write, the reader itself. With `close(fds[1])` before the first read the second one returns 0, the end of file.',
      '자식이 종료했는데도 두 번째 read는 기다립니다. 쓸 수 있는 프로세스가 하나 더 있기 때문입니다. 바로 읽는 자신입니다. 첫 read 앞에서 `close(fds[1])`을 하면 두 번째 read는 파일의 끝인 0을 반환합니다.',
    ],
  },
]

export const pipe2 = [
  {
    title: ['The wrong one sleeps', '다른 쪽이 자면'],
    ts: `-    posix.sleep(2) // without it the child reads its own question
@@
     posix._exit(0)
   }
+  posix.sleep(1)
`,
    c: `-        sleep(2); /* without it the child reads its own question */
@@
         _exit(0);
     }
+    sleep(1);
`,
    korean: { 'without it the child reads its own question': '이것이 없으면 자식이 자기 질문을 읽는다' },
    seen: ['child: Who are you?', '자식: 너는 누구니?'],
    hangs: true,
    why: [
      'It is enough that the parent is late, because the machine is busy for example: the child reads its own question, takes it for the answer and ends. The parent waits for a question that is gone; as it holds the write end itself, for ever.',
      '시스템이 바빠서 부모가 조금 늦기만 해도 이렇게 됩니다. 자식은 자기 질문을 읽고는 대답으로 여기고 종료합니다. 부모는 이미 사라진 질문을 기다립니다. 쓰는 쪽을 자신도 쥐고 있으므로 영원히 기다립니다.',
    ],
  },
]

export const pipe3 = [
  {
    title: ['Without the second pipe', '두 번째 파이프 없이'],
    ts: `-  const down = posix.pipe()
+  const down = up
@@
     posix._exit(0)
   }
+  posix.sleep(1)
`,
    c: `-    pipe(down);
+    down[0] = up[0], down[1] = up[1];
@@
         _exit(0);
     }
+    sleep(1);
`,
    seen: ['child: Who are you?', '자식: 너는 누구니?'],
    hangs: true,
    why: [
      'Both directions are one pipe again, and the sleep of the parent stands for a busy machine: the child reads what it has written. With two pipes the same sleep does no harm; try it.',
      '두 방향이 다시 파이프 하나가 되었고, 부모의 sleep은 바쁜 시스템을 대신합니다. 자식은 자기가 쓴 것을 읽습니다. 파이프가 둘이면 같은 sleep이 있어도 괜찮습니다. 해 보세요.',
    ],
  },
]
