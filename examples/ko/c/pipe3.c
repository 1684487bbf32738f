/* 방향마다 파이프 하나: 상대에게 갈 것을 읽을 수 없고, 아무도 sleep하지 않아도 된다. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int up[2], down[2];
    const char question[] = "너는 누구니?", answer[] = "네 부모야.";
    char buf[30];
    ssize_t len;

    setvbuf(stdout, NULL, _IOLBF, 0);
    pipe(up);
    pipe(down);
    if (fork() == 0) {
        write(up[1], question, strlen(question));
        len = read(down[0], buf, sizeof buf);
        printf("자식: %.*s\n", (int)len, buf);
        _exit(0);
    }
    len = read(up[0], buf, sizeof buf);
    printf("부모: %.*s\n", (int)len, buf);
    write(down[1], answer, strlen(answer));
    wait(NULL);
    return 0;
}
