/* 입력과 출력을 두 프로세스로: 자식은 입력한 것을 쓰고, 부모는 돌아오는 것을 읽는다. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void readRoutine(int sock)
{
    char buf[1024];
    ssize_t len;

    while ((len = read(sock, buf, sizeof buf)) > 0)
        printf("서버에서: %.*s", (int)len, buf);
}

static void writeRoutine(int sock)
{
    char buf[1024];
    ssize_t len;

    while ((len = read(0, buf, sizeof buf)) > 0 && strncmp(buf, "q\n", 2) != 0)
        write(sock, buf, len);
    shutdown(sock, SHUT_WR);
}

int main(int argc, char *argv[])
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 9190)};

    setvbuf(stdout, NULL, _IOLBF, 0);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sock, (struct sockaddr *)&addr, sizeof addr) == -1)
        die("connect");

    if (fork() == 0) {
        writeRoutine(sock);
        close(sock);
        _exit(0);
    }
    readRoutine(sock);
    close(sock);
    puts("서버도 닫았습니다");
    wait(NULL);
    return 0;
}
