/* 자식이 종료하면 커널이 알려 주고(SIGCHLD), 핸들러가 받을 수 있는 상태를 모두 받는다. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void readChildren(int sig)
{
    int status;
    pid_t pid;

    (void)sig;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (WIFEXITED(status))
            printf("부모: 자식 %d 제거, 종료 값: %d\n", pid, WEXITSTATUS(status));
}

int main(void)
{
    struct sigaction act;

    setvbuf(stdout, NULL, _IOLBF, 0);
    act.sa_handler = readChildren;
    sigemptyset(&act.sa_mask);
    act.sa_flags = 0;
    sigaction(SIGCHLD, &act, NULL);
    if (fork() == 0) {
        sleep(1);
        _exit(12);
    }
    if (fork() == 0) {
        sleep(2);
        _exit(24);
    }
    for (int turn = 1; turn <= 3; turn++) {
        printf("부모: 대기 %d…\n", turn);
        sleep(2);
    }
    return 0;
}
