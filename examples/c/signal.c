/* signal() registers a function for SIGALRM (alarm) and SIGINT (Ctrl-C); a sleeping process is woken for it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned int seconds = 2;

static void timeout(int sig)
{
    (void)sig;
    puts("time-out!");
    alarm(seconds);
}

static void keyControl(int sig)
{
    (void)sig;
    puts("Ctrl-C pressed");
}

int main(int argc, char *argv[])
{
    if (argc > 1)
        seconds = atoi(argv[1]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGALRM, timeout);
    signal(SIGINT, keyControl);
    alarm(seconds);
    for (int turn = 1; turn <= 3; turn++) {
        printf("wait %d…\n", turn);
        sleep(100);
    }
    return 0;
}
