/* waitpid() with WNOHANG asks and comes back at once, so the parent can do something else meanwhile. */
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
        puts("parent: not yet, I work for 2 s");
        sleep(2);
    }
    if (WIFEXITED(status))
        printf("parent: the child sent %d\n", WEXITSTATUS(status));
    return 0;
}
