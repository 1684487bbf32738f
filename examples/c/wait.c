/* wait() blocks until a child has ended, takes its status, and with that the zombie is gone. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    unsigned int seconds = argc > 1 ? atoi(argv[1]) : 5;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (fork() == 0)
        _exit(3);
    if (fork() == 0) {
        sleep(1);
        _exit(7);
    }
    for (int child = 0; child < 2; child++) {
        int status;
        pid_t pid = wait(&status);
        if (WIFEXITED(status))
            printf("parent: child %d sent %d\n", pid, WEXITSTATUS(status));
    }
    puts("parent: no zombie is left, see for yourself");
    sleep(seconds);
    return 0;
}
