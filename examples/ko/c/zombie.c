/* 종료한 자식은 부모가 종료 상태를 물을 때까지 좀비로 남는다. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    unsigned int seconds = argc > 1 ? atoi(argv[1]) : 20;

    setvbuf(stdout, NULL, _IOLBF, 0);
    pid_t pid = fork();
    if (pid == 0) {
        puts("자식: 이제 종료합니다");
        _exit(3);
    }
    printf("부모: 자식은 %d입니다. 종료 상태를 묻지 않고 %u초 동안 잡니다\n", pid, seconds);
    sleep(seconds);
    puts("부모: 저도 종료합니다");
    return 0;
}
