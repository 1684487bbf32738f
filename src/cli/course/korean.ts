/** The programs explained, in Korean. */
import type { ProgramName, Text, Words } from './programs.js'

export const words: Words = {
  watch: '관찰',
  mistake: '흔한 실수',
  page: '그림과 연습 문제',
  table: {
    headings: ['PID', '부모', '상태', '호출', '디스크립터'],
    states: {
      running: '실행 중',
      sleeping: '대기 중',
      'waiting for disk': '디스크 대기',
      stopped: '정지됨',
      traced: '추적됨',
      zombie: '좀비',
      dead: '종료됨',
      idle: '유휴',
      unknown: '알 수 없음',
    },
    whose: (pid, parent) => `${pid} (부모 ${parent})`,
    terminal: '터미널',
    socket: '소켓',
    pipe: (name, access) => `파이프 ${name} ${access === 'write' ? '입구' : access === 'read' ? '출구' : '양쪽'}`,
    listening: (address) => `서버 소켓 ${address}`,
    connection: (address) => `연결 ${address}`,
    more: (processes) => `그 밖에 ${processes}개`,
    nothing: '디스크립터 없음',
    gone: '사라짐',
  },
}

export const texts: Record<ProgramName, Text> = {
  zombie: {
    title: '종료한 자식은 부모가 종료 상태를 물을 때까지 좀비로 남는다',
    shows:
      '자식은 곧바로 상태 3으로 종료합니다. 메모리와 디스크립터는 이미 반환되었지만, 커널은 부모에게 전해 줄 종료 상태를 보관해야 하므로 pid와 프로세스 테이블의 한 칸이 남습니다. 이것이 좀비입니다. 이미 죽었으므로 어떤 시그널로도 죽일 수 없습니다. 부모가 종료하면 init이 좀비를 넘겨받아 상태를 거두고, 그때 비로소 사라집니다.',
    watch:
      '`tined course zombie --watch`는 프로그램의 출력 아래에 좀비를 보여 줍니다. 부모가 자는 동안 다른 터미널에서 `ps -o pid,ppid,stat,comm --pid PID --ppid PID`를 실행해 보세요. 자식의 상태가 `Z`이고, 옵션 없는 `ps`에서는 이름에 `<defunct>`가 붙습니다. `ls /proc/CHILD/fd`는 비어 있거나 거부됩니다. 가진 것이 더는 없기 때문입니다. (CHILD는 자식의 pid)',
    mistake:
      '종료한 자식은 사라졌다고 믿는 것입니다. 클라이언트마다 fork하면서 wait하지 않는 서버에는 클라이언트 수만큼 좀비가 쌓이고, 결국 fork가 EAGAIN으로 실패합니다.',
  },
  wait: {
    title: 'wait()는 자식이 종료할 때까지 블로킹되고, 종료 상태를 받아 온다',
    shows:
      '두 자식이 각각 3과 7을 남기고 종료합니다. wait를 한 번 호출할 때마다 종료한 자식 하나의 상태를 받고 그 좀비를 없앱니다. 첫 호출은 첫째 자식이 종료하는 즉시 반환하고, 두 번째 호출은 약 1초 동안 블로킹됩니다. WIFEXITED는 자식이 스스로 종료했는지를, WEXITSTATUS는 자식이 전달한 값을 알려 줍니다.',
    watch:
      '마지막에 자는 동안 `ps -o pid,ppid,stat,comm --pid PID --ppid PID`를 실행해 보세요. 부모에게는 살아 있는 자식도 좀비도 없습니다.',
    mistake:
      '상태 값을 그대로 출력하는 것입니다. 3이 768로 보입니다. 이 정수에는 종료 이유가 하위 바이트에 함께 들어 있으므로 W… 매크로로만 읽어야 합니다. 또 하나는 할 일이 따로 있는데 wait를 호출하는 것입니다. 자식이 종료할 때까지 아무 일도 하지 못합니다.',
  },
  waitpid: {
    title: 'WNOHANG을 준 waitpid()는 묻기만 하고 곧바로 돌아온다',
    shows:
      'WNOHANG을 주면 waitpid는 블로킹되지 않고 "아직 종료한 자식이 없다"라고 답합니다. 그래서 부모는 묻고, 2초 동안 일하고, 다시 묻습니다. 자식은 3초를 자므로 두 번은 "아직"이고 세 번째에 상태를 받습니다.',
    watch:
      '`tined course waitpid --trace`를 실행해 보세요. waitpid 호출에는 시간이 걸리지 않고, 그 사이의 sleep에만 시간이 걸립니다.',
    mistake:
      'sleep을 빼는 것입니다. 묻기만 하는 반복문은 아무 일도 없었다는 사실을 알려고 코어 하나를 통째로 씁니다. 묻지 않고 통지를 받는 방법이 SIGCHLD입니다(remove_zombie). C에서는 -1을 "아직"으로 여기는 실수도 있습니다. "아직"은 0이고, -1은 자식이 없다는 뜻입니다.',
  },
  signal: {
    title: 'signal()로 alarm()과 Ctrl-C에 함수를 등록한다',
    shows:
      'SIGALRM은 alarm을 호출하고 2초 뒤에, SIGINT는 Ctrl-C를 누르면 옵니다. 어느 쪽이든 sleep(100)을 하던 프로세스를 깨웁니다. 그래서 100초씩 세 번이 6초 만에 끝나고, Ctrl-C를 누르면 더 빨리 끝납니다. 핸들러가 있으므로 Ctrl-C를 눌러도 프로그램은 종료하지 않습니다.',
    watch:
      'Ctrl-C를 누르거나 다른 터미널에서 `kill -INT PID`로 보내 보세요. `grep Sig /proc/PID/status`는 다섯 줄을 출력합니다. SigQ는 대기열에 있는 시그널의 수와 그 한도이고, 나머지 넷은 마스크로 SigPnd는 대기 중, SigBlk는 블록됨, SigIgn은 무시함, SigCgt는 처리함입니다. TypeScript 핸들러가 있는 시그널은 호출과 호출 사이에서 꺼내므로 SigCgt뿐 아니라 SigBlk에도 나타납니다.',
    mistake:
      'sleep이 정해진 시간만큼 잔다고 기대하는 것입니다. 처리되는 시그널이 오면 바로 깨어나 남은 초를 반환합니다. C에서는 핸들러 안에서 printf를 부르는 실수도 있습니다. 다른 printf의 한가운데에 끼어들 수 있기 때문입니다. TypeScript에서는 핸들러가 호출의 도중이 아니라 호출과 호출 사이에서 실행되므로 무엇이든 호출해도 됩니다.',
  },
  sigaction: {
    title: 'sigaction()은 signal()과 같은 일을 하되 어느 유닉스에서나 똑같이 동작한다',
    shows:
      'sigaction 구조체에는 함수 말고도 핸들러가 실행되는 동안 블록할 시그널인 sa_mask와 동작 방식인 sa_flags가 있습니다. sa_flags가 0이면 중단된 호출은 다시 시작되지 않고 EINTR로 끝나며, sleep이라면 남은 시간을 반환합니다. 1초짜리 알람 세 번이 100초짜리 sleep 세 번을 끝냅니다.',
    watch:
      '`tined course sigaction --trace`를 실행해 보세요. 핸들러가 실행된 직후 sleep(100)이 매번 남은 시간인 98이나 99를 반환합니다.',
    mistake:
      'C에서 sa_mask나 sa_flags를 초기화하지 않는 것입니다. 그러면 스택에 남아 있던 값에 따라 호출의 재시작 여부가 달라집니다. 그 뒤의 동작이 중요한 곳에 signal을 쓰는 것도 실수입니다. 시스템에 따라 핸들러가 한 번 호출된 뒤 해제되기도 하고, 중단된 호출이 재시작되기도 하고 그렇지 않기도 합니다.',
  },
  remove_zombie: {
    title: '자식이 종료하면 SIGCHLD가 오고, 핸들러가 좀비를 없앤다',
    shows:
      '아무도 wait로 기다리지 않는데 좀비가 남지 않습니다. 자식이 종료하면 커널이 SIGCHLD를 보내고, 핸들러는 WNOHANG을 준 waitpid로 받을 수 있는 상태를 모두 받습니다. 그동안 부모는 자기 일을 합니다. 여기서는 sleep이며, 시그널 때문에 두 번 일찍 깨어납니다.',
    watch:
      '`ps -o pid,ppid,stat,comm --pid PID --ppid PID`를 되풀이하거나 `tined course remove_zombie --watch`를 실행해 보세요. 자식이 둘, 하나, 없음으로 줄어들고, 좀비는 한순간 이상 보이지 않습니다.',
    mistake:
      '`while`이어야 할 곳에 `if`를 쓰는 것입니다. 시그널은 줄을 서지 않습니다. 두 자식이 동시에 종료하면 SIGCHLD가 한 번만 올 수 있고, 그러면 둘째는 다음 자식이 종료할 때까지 좀비로 남습니다.',
  },
  echo_mpserv: {
    title: '클라이언트마다 프로세스를 fork하는 에코 서버',
    shows:
      '부모는 연결 요청을 수락하기만 합니다. 연결마다 fork한 자식이 서비스를 맡습니다. 자식은 모든 디스크립터의 복사본을 가지므로 자식은 서버 소켓을 닫고 부모는 연결된 소켓을 닫습니다. 자식은 SIGCHLD로 거두는데, 이 시그널은 accept도 중단합니다. 그때 accept는 EINTR로 실패하며, 다시 호출하면 됩니다.',
    watch:
      '터미널 두 개에서 `nc 127.0.0.1 PORT`로 접속하고, 또 다른 터미널에서 `ps -o pid,ppid,stat,comm --pid PID --ppid PID`를 실행해 보세요. 클라이언트마다 자식이 하나씩 있습니다. `tined course echo_mpserv --watch`로도 볼 수 있습니다. 부모의 `ls -l /proc/PID/fd`에는 클라이언트가 몇이든 서버 소켓 하나만 보입니다. 클라이언트를 끝내면 해당 프로세스는 좀비로 남지 않고 사라집니다.',
    mistake:
      '부모에서 close(clnt)를 빠뜨리는 것입니다. 부모도 연결을 쥐고 있으므로 클라이언트는 연결의 끝을 보지 못하고, 클라이언트가 수백을 넘으면 부모의 디스크립터가 바닥납니다(EMFILE).',
  },
  fd_copies: {
    title: 'fork는 소켓이 아니라 디스크립터를 복사한다. 마지막 복사본이 닫혀야 소켓이 소멸한다',
    shows:
      'fork 뒤에는 소켓 하나에 디스크립터가 둘입니다. 자식은 bye를 보내고 자기 것을 닫고 종료까지 하지만, 클라이언트에게는 파일의 끝이 오지 않습니다. 부모의 복사본이 연결을 유지하기 때문입니다. 그것까지 닫아야 read가 0을 반환합니다.',
    watch:
      '프로그램이 기다리는 동안 `ls -l /proc/PID/fd`를 실행해 보세요. 소켓을 쓰던 자식은 종료했는데도 `socket:[…]`이 그대로 있습니다.',
    mistake:
      'close를 전화 끊기처럼 여기는 것입니다. close는 소켓을 가리키는 이름 하나를 반납할 뿐이고, 연결은 마지막 이름과 함께 끝납니다. 그래서 fork한 뒤에는 양쪽 모두 자기와 상관없는 디스크립터를 바로 닫습니다.',
  },
  echo_mpclient: {
    title: '입출력 루틴을 두 프로세스로 분할한 클라이언트',
    shows:
      '연결한 뒤 클라이언트가 fork합니다. 자식은 입력한 내용을 보내고 부모는 돌아오는 내용을 출력하며, 서로를 기다리지 않습니다. 입력이 끝나면(Ctrl-D 또는 q만 있는 줄) 자식이 shutdown(SHUT_WR)을 호출합니다. 보내는 방향만 끝나므로, 아직 오고 있는 응답은 끝까지 읽습니다.',
    watch:
      '먼저 `tined course echo_mpserv`를 실행하세요. `ps -o pid,ppid,stat,comm --pid PID --ppid PID`로 두 프로세스를 볼 수 있습니다. 필터로도 쓸 수 있습니다: `seq 3 | node dist/examples/echo_mpclient.js PORT`',
    mistake:
      '자식이 소켓을 close하면 대화가 끝난다고 기대하는 것입니다. 닫힌 것은 복사본 하나입니다. 부모가 아직 연결을 쥐고 있어 서버는 끝을 보지 못하고, 부모는 서버를, 서버는 우리를 기다립니다. 복사본이 몇 개든 상대에게 끝을 알리는 것은 shutdown입니다.',
  },
  pipe1: {
    title: '파이프로 자식이 부모에게 바이트를 보낸다',
    shows:
      'pipe()는 디스크립터 둘을 만듭니다. [1]에 쓴 것이 [0]에서 나옵니다. fork가 둘 다 복사하므로 자식은 쓰고 부모는 읽을 수 있습니다. 메모리를 공유하는 것이 아니라 바이트가 커널을 거쳐 갑니다. read는 읽을 것이 생길 때까지 블로킹됩니다.',
    watch:
      '`tined course pipe1 --trace`를 실행해 보세요. 두 프로세스의 호출이 하나의 시간 순서로 나오고, write와 read를 볼 수 있습니다.',
    mistake:
      '자기 프로세스에 쓰기 쪽이 열려 있는데 파일의 끝까지 읽으려는 것입니다. 누군가, 곧 자기 자신이 아직 쓸 수 있으므로 끝이 오지 않습니다. 쓰지 않는 쪽은 닫으세요.',
  },
  pipe2: {
    title: '파이프 하나로 양방향 통신을 하면 sleep에 의존하게 된다',
    shows:
      '파이프는 하나인데 두 프로세스가 모두 쓰고 읽습니다. 자식이 질문을 쓰고 나서 읽기 전에 2초를 자고, 그 사이에 부모가 질문을 가져가기 때문에 동작할 뿐입니다. 파이프에 든 것은 먼저 읽는 쪽이 가집니다.',
    watch:
      '프로그램을 복사해서 sleep을 빼 보세요. 자식이 자기 질문을 읽어 버리고, 부모는 영원히 기다립니다. (`tined course pipe2 --source`가 프로그램을 출력합니다.)',
    mistake:
      'sleep으로 순서를 만드는 것입니다. 시스템이 바빠지는 순간 어긋납니다. 한 방향에는 파이프 하나가 필요합니다.',
  },
  pipe3: {
    title: '방향마다 파이프를 하나씩 두면 sleep이 필요 없다',
    shows:
      '파이프가 둘입니다. 하나는 올라가고 하나는 내려옵니다. 상대에게 갈 것을 읽을 수 없으므로 알맞은 때를 기다릴 필요가 없습니다. read가 곧 기다림입니다.',
    watch: '`tined course pipe3 --trace`를 실행해 보세요. 각 read는 상대 프로세스의 write가 일어난 뒤에 끝납니다.',
    mistake:
      '양쪽이 각자의 파이프를 채우기만 하고 아무도 읽지 않는 것입니다. 파이프의 용량은 64 KiB이고, 가득 차면 write가 블로킹되어 서로를 기다리게 됩니다. 번갈아 읽고 쓰거나, 두 프로세스로 나누세요(echo_mpclient).',
  },
  echo_storeserv: {
    title: '메시지를 저장하는 에코 서버',
    shows:
      '클라이언트마다 프로세스가 있고, 이들은 읽은 것을 모두 파이프 하나를 통해 또 다른 프로세스에 보냅니다. 파일에 쓰는 것은 이 프로세스뿐입니다. PIPE_BUF(4096)바이트까지의 write는 원자적이므로 여러 클라이언트의 메시지가 섞이지 않습니다. 메시지 열 개를 저장하면 파일에 쓰는 프로세스가 파일을 닫고 종료합니다. 종료하는 것은 이 프로세스뿐이고, 서버와 클라이언트를 맡은 프로세스들은 계속 실행됩니다. 그 뒤에는 파이프를 읽는 프로세스가 없으므로 이들이 파이프에 하는 write는 EPIPE로 실패하지만, 종료를 일으킬 SIGPIPE는 무시합니다. C는 결과를 확인하지 않고, TypeScript는 예외를 잡습니다(unlessGone). 둘 다 에코는 계속하고 더 저장하지는 않습니다.',
    watch:
      '클라이언트 둘(`tined course echo_mpclient`)에서 몇 줄씩 보낸 다음 `cat echomsg.txt`를 실행해 보세요. `ps -o pid,ppid,stat,comm --pid PID --ppid PID`를 보면 클라이언트 프로세스들 옆에 저장 프로세스가 있고, 메시지 열 개 뒤에는 사라집니다.',
    mistake:
      'read 한 번을 메시지 하나로 여기는 것입니다. TCP는 스트림이므로 빠르게 보낸 두 줄이 read 한 번에 올 수도, 긴 한 줄이 여러 번에 나뉘어 올 수도 있습니다. 클라이언트 프로세스마다 직접 파일에 쓰는 것도 실수입니다. 믿고 쓸 저장 서버는 `tined store`입니다. 줄 단위로 저장하고, 디스크에 기록된 뒤에 응답합니다.',
  },
  select: {
    title: 'select()는 표준 입력을 기다리되 정해진 시간까지만 기다린다',
    shows:
      'select는 디스크립터 0을 5초 동안 지켜봅니다. 시간이 다 되면 0을, 그렇지 않으면 준비된 디스크립터의 수를 반환하고, 집합에는 준비된 것만 남깁니다. 그다음의 read는 블로킹되지 않습니다.',
    watch:
      '가만히 기다려 보고, 한 줄 입력해 보세요. Ctrl-D를 누르면 프로그램이 끝납니다. `tined course select --trace`는 호출 전후의 집합과 남은 시간을 보여 줍니다.',
    mistake:
      '집합과 타임아웃을 반복문 앞에서 한 번만 설정하는 것입니다. select는 둘 다 바꿉니다. 시간이 다 되면 집합이 비고, 한 줄을 읽은 뒤에는 리눅스가 남은 시간만 남겨 둡니다. 호출할 때마다 새로 복사하세요.',
  },
  echo_selectserv: {
    title: '프로세스 하나로 여러 클라이언트를: select() 에코 서버',
    shows:
      'fork하지 않습니다. 프로세스 하나가 서버 소켓과 모든 연결을 지켜봅니다. 어느 것을 읽을 수 있는지 select가 알려 주며, 서버 소켓은 accept를 기다리는 클라이언트가 있을 때 읽을 수 있는 상태가 됩니다. read가 0을 반환한 연결은 끝난 것이므로 집합에서 빼고 닫습니다. 클라이언트가 강제로 끊은 연결(ECONNRESET)도 마찬가지입니다. 그런 클라이언트에 쓰면 SIGPIPE가 와서 서버 전체가 종료되므로 이 시그널은 무시합니다.',
    watch:
      '터미널 여러 개에서 `nc 127.0.0.1 PORT`로 접속하고 `ls -l /proc/PID/fd`를 실행해 보세요. 모든 소켓이 한 프로세스에 있습니다. `ps --ppid PID`에는 자식이 없습니다.',
    mistake:
      '첫 인자로 디스크립터의 개수를 넘기는 것입니다. 가장 큰 디스크립터 번호에 1을 더한 값이어야 합니다. FD_SETSIZE를 잊는 것도 실수입니다. C에서는 1023번을 넘는 디스크립터가 fd_set의 끝을 넘어 조용히 메모리를 덮어쓰지만, 여기서는 RangeError가 납니다.',
  },
}
