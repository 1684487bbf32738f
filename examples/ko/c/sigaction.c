/* sigaction()은 signal()과 같은 일을 하고, 그동안 무엇을 블록할지(sa_mask), 어떻게 할지(sa_flags)도 정한다. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void timeout(int sig)
{
    if (sig == SIGALRM)
        puts("시간 초과!");
    alarm(1);
}

int main(void)
{
    struct sigaction act;

    setvbuf(stdout, NULL, _IOLBF, 0);
    act.sa_handler = timeout;
    sigemptyset(&act.sa_mask);
    act.sa_flags = 0;
    sigaction(SIGALRM, &act, NULL);
    alarm(1);
    for (int turn = 1; turn <= 3; turn++) {
        printf("대기 %d…\n", turn);
        sleep(100);
    }
    return 0;
}
