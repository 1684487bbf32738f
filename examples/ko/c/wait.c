/* wait()는 자식이 종료할 때까지 블로킹되고, 종료 상태를 받는다. 그러면 좀비가 사라진다. */
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
            printf("부모: 자식 %d의 종료 값: %d\n", pid, WEXITSTATUS(status));
    }
    puts("부모: 좀비가 남지 않았습니다. 직접 확인해 보세요");
    sleep(seconds);
    return 0;
}
