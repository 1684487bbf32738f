// Ping-pong with 127.0.0.1:PORT for SECONDS over CLIENTS connections, beside IDLE others that were echoed on once and are silent.
// Each client sends 64 bytes, waits for all of them, checks them, and sends the next. Prints "ready" and waits for a line, then
// prints one line of JSON and waits again; at last it asks each silent connection once more and prints how many have answered.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 64, EVENTS = 512, STALL_MS = 10000, SLOWEST_US = 1000000 };

struct client {
  int fd;
  int received;
  uint64_t sequence;
  double sent_at;
};

static unsigned histogram[SLOWEST_US + 1];

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "ping-pong: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\n");
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

// Every message differs, so an echo that ends up on the wrong connection is caught.
static void compose(const struct client *client, char *message) {
  memset(message, 'x', MESSAGE);
  memcpy(message, &client->sequence, sizeof client->sequence);
  memcpy(message + 8, &client->fd, sizeof client->fd);
}

static void ping(struct client *client, double at) {
  char message[MESSAGE];
  client->sequence++;
  client->received = 0;
  client->sent_at = at;
  compose(client, message);
  if (send(client->fd, message, MESSAGE, MSG_NOSIGNAL) != MESSAGE) fail("send: %s", strerror(errno));
}

// Returns whether the whole message has come back.
static int pong(struct client *client) {
  char expected[MESSAGE], got[MESSAGE];
  ssize_t count = recv(client->fd, got, MESSAGE - client->received, 0);
  if (count <= 0) fail("the server closed a connection: %s", count < 0 ? strerror(errno) : "end of file");
  compose(client, expected);
  if (memcmp(got, expected + client->received, count) != 0) fail("a message came back changed");
  client->received += count;
  return client->received == MESSAGE;
}

static void begin(struct client *client, const struct sockaddr_in *server) {
  struct timeval stall = { .tv_sec = STALL_MS / 1000 };
  client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client->fd < 0) fail("socket: %s", strerror(errno));
  setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
  setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
  if (connect(client->fd, (const struct sockaddr *)server, sizeof *server) < 0) fail("connect: %s", strerror(errno));
  ping(client, 0);
  while (!pong(client));
}

static unsigned percentile(double share, uint64_t total) {
  uint64_t seen = 0;
  for (unsigned us = 0; us <= SLOWEST_US; us++)
    if ((seen += histogram[us]) >= share * total) return us;
  return SLOWEST_US;
}

int main(int argc, char **argv) {
  if (argc < 4) fail("usage: ping-pong PORT CLIENTS SECONDS [IDLE]");
  struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
  int clients = atoi(argv[2]), idle = argc > 4 ? atoi(argv[4]) : 0;
  double seconds = atof(argv[3]);
  struct rlimit files = { 0 };
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct client *all = calloc(clients + idle, sizeof *all);
  // The idle ones first, so that the busy ones have the high numbers, as in a server that has run for a while.
  for (int index = 0; index < idle + clients; index++) begin(&all[index], &server);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  for (int index = idle; index < idle + clients; index++) {
    struct epoll_event interest = { .events = EPOLLIN, .data.ptr = &all[index] };
    epoll_ctl(epoll, EPOLL_CTL_ADD, all[index].fd, &interest);
  }
  printf("ready\n");
  fflush(stdout);
  getchar();
  double started = now(), at = started;
  uint64_t messages = 0;
  for (int index = idle; index < idle + clients; index++) ping(&all[index], at);
  while (at - started < seconds) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, STALL_MS);
    if (count == 0) fail("no answer within %d ms", STALL_MS);
    for (int index = 0; index < count; index++) {
      struct client *client = events[index].data.ptr;
      if (!pong(client)) continue;
      at = now();
      unsigned us = (at - client->sent_at) * 1e6;
      histogram[us > SLOWEST_US ? SLOWEST_US : us]++;
      messages++;
      ping(client, at);
    }
    at = now();
  }
  printf("{\"messages\":%llu,\"seconds\":%.4f,\"p50Us\":%u,\"p99Us\":%u}\n", (unsigned long long)messages, at - started,
         percentile(0.5, messages), percentile(0.99, messages));
  fflush(stdout);
  getchar();
  for (int index = 0; index < idle; index++) {
    ping(&all[index], 0);
    while (!pong(&all[index]));
  }
  printf("{\"answered\":%d}\n", idle);
}
