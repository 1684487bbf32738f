/* 파이프는 한 프로세스에서 다른 프로세스로 바이트를 나른다. fork는 그 디스크립터 둘을 복사한다. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int fds[2];
    const char question[] = "너는 누구니?";
    char buf[30];

    setvbuf(stdout, NULL, _IOLBF, 0);
    pipe(fds);
    if (fork() == 0) {
        write(fds[1], question, strlen(question));
        _exit(0);
    }
    ssize_t len = read(fds[0], buf, sizeof buf);
    printf("부모: %.*s\n", (int)len, buf);
    wait(NULL);
    return 0;
}
