/* 파이프 하나로 양방향 통신: 모두가 알맞은 때에 읽는 동안에만 동작한다. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int fds[2];
    const char question[] = "너는 누구니?", answer[] = "네 부모야.";
    char buf[30];
    ssize_t len;

    setvbuf(stdout, NULL, _IOLBF, 0);
    pipe(fds);
    if (fork() == 0) {
        write(fds[1], question, strlen(question));
        sleep(2); /* 이것이 없으면 자식이 자기 질문을 읽는다 */
        len = read(fds[0], buf, sizeof buf);
        printf("자식: %.*s\n", (int)len, buf);
        _exit(0);
    }
    len = read(fds[0], buf, sizeof buf);
    printf("부모: %.*s\n", (int)len, buf);
    write(fds[1], answer, strlen(answer));
    wait(NULL);
    return 0;
}
