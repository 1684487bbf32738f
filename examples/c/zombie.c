/* A child that has ended stays a zombie until its parent asks how it ended. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    unsigned int seconds = argc > 1 ? atoi(argv[1]) : 20;

    setvbuf(stdout, NULL, _IOLBF, 0);
    pid_t pid = fork();
    if (pid == 0) {
        puts("child: I end now");
        _exit(3);
    }
    printf("parent: my child is %d, and I sleep %u s without asking for it\n", pid, seconds);
    sleep(seconds);
    puts("parent: I end too");
    return 0;
}
