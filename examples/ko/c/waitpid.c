/* WNOHANG을 준 waitpid()는 묻고 곧바로 돌아온다. 그동안 부모는 다른 일을 할 수 있다. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (fork() == 0) {
        sleep(3);
        _exit(24);
    }
    while (waitpid(-1, &status, WNOHANG) == 0) {
        puts("부모: 아직입니다. 2초 동안 일합니다");
        sleep(2);
    }
    if (WIFEXITED(status))
        printf("부모: 자식의 종료 값: %d\n", WEXITSTATUS(status));
    return 0;
}
