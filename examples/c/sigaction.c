/* sigaction() does what signal() does, and says what else is blocked (sa_mask) and how (sa_flags). */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void timeout(int sig)
{
    if (sig == SIGALRM)
        puts("time-out!");
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
        printf("wait %d…\n", turn);
        sleep(100);
    }
    return 0;
}
