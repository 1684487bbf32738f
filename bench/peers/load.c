// Keeps CLIENTS connections going to 127.0.0.1:PORT until TOTAL are done, and checks every byte that comes back. A single client may rest
// for REST microseconds before each.
// In C, so that on a small machine the client takes as little as possible of what is being measured.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 64, STALL_SECONDS = 10 };

struct client {
  int fd;
  int received;
  double started;
  char sent[MESSAGE];
  char echoed[MESSAGE];
};

static int epoll;
static int started, done, total, rest_us;
static struct sockaddr_in server;
static double *latencies;

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "load: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, " (%d of %d connections done)\n", done, total);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

// Every message differs, so an echo that ends up on the wrong connection is caught.
static void begin(struct client *client) {
  struct timeval stall = { .tv_sec = STALL_SECONDS };
  struct epoll_event interest = { .events = EPOLLIN, .data.ptr = client };
  int padding = MESSAGE - snprintf(client->sent, MESSAGE, "%012d", started);
  memset(client->sent + MESSAGE - padding, 'x', padding);
  if (rest_us) usleep(rest_us);
  client->received = 0;
  client->started = now();
  client->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (client->fd < 0) fail("socket: %s", strerror(errno));
  // A blocking connect waits for the send timeout; on loopback it otherwise returns at once, without a trip to epoll.
  setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
  if (connect(client->fd, (struct sockaddr *)&server, sizeof server) < 0) fail("connect: %s", strerror(errno));
  if (send(client->fd, client->sent, MESSAGE, MSG_NOSIGNAL) != MESSAGE) fail("send: %s", strerror(errno));
  if (shutdown(client->fd, SHUT_WR) < 0) fail("shutdown: %s", strerror(errno));
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &interest) < 0) fail("epoll_ctl: %s", strerror(errno));
  started++;
}

static void finish(struct client *client) {
  if (client->received != MESSAGE) fail("%d bytes came back instead of %d", client->received, MESSAGE);
  if (memcmp(client->sent, client->echoed, MESSAGE) != 0) fail("other bytes came back than were sent");
  close(client->fd);
  latencies[done++] = now() - client->started;
  if (started < total) begin(client);
}

static void receive(struct client *client) {
  char buffer[4096];
  ssize_t length = recv(client->fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length < 0) fail("recv: %s", strerror(errno));
  if (length == 0) {
    finish(client);
    return;
  }
  if (client->received + length > MESSAGE) fail("more than %d bytes came back", MESSAGE);
  memcpy(client->echoed + client->received, buffer, length);
  client->received += length;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double percentile(double share) {
  int index = share * total;
  return 1e6 * latencies[index < total ? index : total - 1];
}

int main(int argc, char **argv) {
  int given = argc == 4 || argc == 5, port = given ? atoi(argv[1]) : 0, clients = given ? atoi(argv[2]) : 0;
  total = given ? atoi(argv[3]) : 0;
  rest_us = argc == 5 ? atoi(argv[4]) : 0;
  if (port < 1 || clients < 1 || total < 1 || rest_us < 0 || (rest_us && clients > 1)) {
    fprintf(stderr, "usage: load PORT CLIENTS TOTAL [REST, with one client]\n");
    return 100;
  }
  server = (struct sockaddr_in){
    .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
  };
  struct client *all = calloc(clients, sizeof *all);
  latencies = calloc(total, sizeof *latencies);
  epoll = epoll_create1(0);
  if (!all || !latencies || epoll < 0) fail("setup: %s", strerror(errno));

  double start = now();
  for (int i = 0; i < clients && started < total; i++) begin(&all[i]);
  while (done < total) {
    struct epoll_event ready[64];
    int count = epoll_wait(epoll, ready, 64, STALL_SECONDS * 1000);
    if (count < 0 && errno != EINTR) fail("epoll_wait: %s", strerror(errno));
    if (count == 0) fail("nothing happened for %d s", STALL_SECONDS);
    for (int i = 0; i < count; i++) receive(ready[i].data.ptr);
  }
  double seconds = now() - start;

  qsort(latencies, total, sizeof *latencies, ascending);
  printf("{\"connections\":%d,\"seconds\":%.6f,\"p50Us\":%.0f,\"p99Us\":%.0f}\n",
         total, seconds, percentile(0.50), percentile(0.99));
}
