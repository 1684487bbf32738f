/* fork는 소켓이 아니라 디스크립터를 복사한다. 상대는 마지막 복사본이 닫혀야 끝을 본다. */
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int canRead(int fd, int seconds)
{
    fd_set reads;
    struct timeval timeout = {seconds, 0};

    FD_ZERO(&reads);
    FD_SET(fd, &reads);
    return select(fd + 1, &reads, NULL, NULL, &timeout);
}

int main(void)
{
    int pair[2];
    char buf[30];

    setvbuf(stdout, NULL, _IOLBF, 0);
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    int serv = pair[0], clnt = pair[1];
    if (fork() == 0) {
        close(clnt);
        write(serv, "bye", 3);
        close(serv);
        puts("서버의 자식: bye를 보내고 소켓을 닫고 종료합니다");
        _exit(0);
    }
    wait(NULL);
    ssize_t len = read(clnt, buf, sizeof buf);
    printf("클라이언트: %.*s\n", (int)len, buf);
    printf("클라이언트: 2초 안에 파일의 끝? %s\n", canRead(clnt, 2) ? "예" : "아니요, 부모에게 복사본이 있습니다");
    close(serv);
    printf("클라이언트: 그것까지 닫으면? %s\n", canRead(clnt, 2) && read(clnt, buf, 1) == 0 ? "예" : "아니요");
    return 0;
}
