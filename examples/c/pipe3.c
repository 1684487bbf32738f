/* A pipe for each direction: nobody can read what is not meant for them, and nobody has to sleep. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int up[2], down[2];
    const char question[] = "Who are you?", answer[] = "Your parent.";
    char buf[30];
    ssize_t len;

    setvbuf(stdout, NULL, _IOLBF, 0);
    pipe(up);
    pipe(down);
    if (fork() == 0) {
        write(up[1], question, strlen(question));
        len = read(down[0], buf, sizeof buf);
        printf("child: %.*s\n", (int)len, buf);
        _exit(0);
    }
    len = read(up[0], buf, sizeof buf);
    printf("parent: %.*s\n", (int)len, buf);
    write(down[1], answer, strlen(answer));
    wait(NULL);
    return 0;
}
