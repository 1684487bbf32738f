/* signal()로 SIGALRM(alarm)과 SIGINT(Ctrl-C)에 함수를 등록한다. 자던 프로세스는 그때 깨어난다. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned int seconds = 2;

static void timeout(int sig)
{
    (void)sig;
    puts("시간 초과!");
    alarm(seconds);
}

static void keyControl(int sig)
{
    (void)sig;
    puts("Ctrl-C를 눌렀습니다");
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
        printf("대기 %d…\n", turn);
        sleep(100);
    }
    return 0;
}
