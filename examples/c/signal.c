/* signal() registers a function for SIGALRM (alarm) and SIGINT (Ctrl-C); a sleeping process is woken for it. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void timeout(int sig)
{
    (void)sig;
    puts("time-out!");
    alarm(2);
}

static void keyControl(int sig)
{
    (void)sig;
    puts("Ctrl-C pressed");
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGALRM, timeout);
    signal(SIGINT, keyControl);
    alarm(2);
    for (int turn = 1; turn <= 3; turn++) {
        printf("wait %d…\n", turn);
        sleep(100);
    }
    return 0;
}
