/* select()는 표준 입력을 기다리되 정해진 시간까지만 기다린다. */
#include <stdio.h>
#include <sys/select.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    fd_set reads, ready;
    char buf[1024];
    int seconds = argc > 1 ? atoi(argv[1]) : 5;

    setvbuf(stdout, NULL, _IOLBF, 0);
    FD_ZERO(&reads);
    FD_SET(0, &reads);
    for (;;) {
        ready = reads; /* select는 집합에 준비된 것만 남긴다 */
        struct timeval timeout = {seconds, 0}; /* 타임아웃에도 남은 시간만 남긴다 */
        int count = select(0 + 1, &ready, NULL, NULL, &timeout);
        if (count == 0) {
            puts("시간 초과!");
        } else if (FD_ISSET(0, &ready)) {
            ssize_t len = read(0, buf, sizeof buf);
            if (len == 0)
                break;
            printf("입력한 내용: %.*s", (int)len, buf);
        }
    }
    puts("입력 끝");
    return 0;
}
