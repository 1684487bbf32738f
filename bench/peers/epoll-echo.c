// The floor for servers that multiplex: an echo on 127.0.0.1:PORT, one process, one epoll, one buffer.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, BUFFER = 64 * 1024 };

static int epoll;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(int fd) {
  struct epoll_event interest = { .events = EPOLLIN, .data.fd = fd };
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &interest) < 0) die("epoll_ctl");
}

static void admit(int listener) {
  for (int count = 0; count < 64; count++) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    watch(fd);
  }
}

static void echo(int fd) {
  static char buffer[BUFFER];
  ssize_t count = read(fd, buffer, BUFFER);
  if (count < 0 && errno == EAGAIN) return;
  // The messages of the bench always fit the socket's buffer: what does not is an error here.
  if (count <= 0 || write(fd, buffer, count) != count) close(fd);
}

int main(int argc, char **argv) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0) };
  struct epoll_event events[EVENTS];
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
  if (listen(listener, 511) < 0) die("listen");
  epoll = epoll_create1(EPOLL_CLOEXEC);
  watch(listener);
  for (;;) {
    int count = epoll_wait(epoll, events, EVENTS, -1);
    if (count < 0 && errno != EINTR) die("epoll_wait");
    for (int index = 0; index < count; index++) {
      int fd = events[index].data.fd;
      if (fd == listener) admit(fd);
      else echo(fd);
    }
  }
}
