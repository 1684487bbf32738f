// CLIENTS connections to 127.0.0.1:PORT, each of which sends a request, waits for its answer, and sends the next one, for SECONDS, after a
// quarter of that which is not counted: ask PORT CLIENTS SECONDS REQUEST-FILE ANSWER [SETUP-FILE ANSWER]
// An ANSWER is over after so many bytes (bytes:100), lines (lines:2; NATS's PING is none), or when it ends so (ends:5a0000000549, in hex).
// @@@@ in a request or setup is replaced by the client's number.
// Prints requests a second, and the median and the 99th percentile of an answer's time in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ANSWER = 65536, STALL_SECONDS = 10 };

struct answer {
  enum { BYTES, LINES, ENDS } kind;
  int count;
  unsigned char end[64];
};

struct client {
  int fd;
  int setting_up;
  int length;
  double started;
  char *request;
  char answer[MOST_ANSWER];
};

static struct answer expected, setup_expected;
static char *request, *setup;
static size_t request_length, setup_length;

static void fail(const char *what) {
  fprintf(stderr, "ask: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static char *contents(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  char *bytes = malloc(1 << 20);
  *length = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  return bytes;
}

static struct answer parse(const char *text) {
  struct answer answer = { 0 };
  if (sscanf(text, "bytes:%d", &answer.count) == 1) answer.kind = BYTES;
  else if (sscanf(text, "lines:%d", &answer.count) == 1) answer.kind = LINES;
  else if (strncmp(text, "ends:", 5) == 0) {
    answer.kind = ENDS;
    for (const char *hex = text + 5; hex[0] && hex[1] && answer.count < 64; hex += 2)
      sscanf(hex, "%2hhx", &answer.end[answer.count++]);
  } else {
    fprintf(stderr, "ask: no such answer: %s\n", text);
    exit(1);
  }
  return answer;
}

static char *personal(const char *bytes, size_t length, int number) {
  char *copy = malloc(length + 1), digits[8];
  memcpy(copy, bytes, length);
  snprintf(digits, sizeof digits, "%04d", number);
  for (char *at = copy; (at = memmem(at, length - (at - copy), "@@@@", 4)); ) memcpy(at, digits, 4);
  return copy;
}

static int lines_of(const struct client *client) {
  int lines = 0;
  const char *line = client->answer, *end = client->answer + client->length;
  for (const char *newline; (newline = memchr(line, '\n', end - line)); line = newline + 1)
    if (newline - line < 4 || memcmp(line, "PING", 4) != 0) lines++;
  return lines;
}

static int is_over(const struct client *client) {
  const struct answer *answer = client->setting_up ? &setup_expected : &expected;
  if (answer->kind == BYTES) return client->length >= answer->count;
  if (answer->kind == LINES) return lines_of(client) >= answer->count;
  return client->length >= answer->count &&
    memcmp(client->answer + client->length - answer->count, answer->end, answer->count) == 0;
}

static void ask(struct client *client, const char *bytes, size_t length) {
  client->length = 0;
  client->started = now();
  if (send(client->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) fail("send");
}

static int compare(const void *one, const void *other) {
  float a = *(const float *)one, b = *(const float *)other;
  return (a > b) - (a < b);
}

int main(int argc, char *argv[]) {
  if (argc != 6 && argc != 8) {
    fprintf(stderr, "usage: ask PORT CLIENTS SECONDS REQUEST-FILE ANSWER [SETUP-FILE ANSWER]\n");
    return 1;
  }
  struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int clients = atoi(argv[2]);
  double seconds = atof(argv[3]);
  request = contents(argv[4], &request_length);
  expected = parse(argv[5]);
  if (argc == 8) {
    setup = contents(argv[6], &setup_length);
    setup_expected = parse(argv[7]);
  }
  int epoll = epoll_create1(0), room = 1 << 22, count = 0;
  float *times = malloc(room * sizeof *times);
  struct client *all = calloc(clients, sizeof *all);
  for (int index = 0; index < clients; index++) {
    struct client *client = &all[index];
    int yes = 1;
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client->fd, (struct sockaddr *)&server, sizeof server) < 0) fail("connect");
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event interest = { .events = EPOLLIN, .data.ptr = client };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &interest) < 0) fail("epoll_ctl");
    client->request = personal(request, request_length, index);
    client->setting_up = setup != NULL;
    if (setup) ask(client, personal(setup, setup_length, index), setup_length);
    else ask(client, client->request, request_length);
  }
  double counted_from = now() + seconds / 4, until = counted_from + seconds;
  for (double time = now(); time < until;) {
    struct epoll_event events[256];
    int ready = epoll_wait(epoll, events, 256, STALL_SECONDS * 1000);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    if (ready == 0) {
      fprintf(stderr, "ask: no answer for %d seconds\n", STALL_SECONDS);
      return 1;
    }
    for (int index = 0; index < ready; index++) {
      struct client *client = events[index].data.ptr;
      ssize_t length = recv(client->fd, client->answer + client->length, MOST_ANSWER - client->length, 0);
      if (length <= 0) fail("recv");
      client->length += length;
      if (!is_over(client)) continue;
      time = now();
      if (!client->setting_up && time >= counted_from && count < room) times[count++] = (time - client->started) * 1e6;
      client->setting_up = 0;
      ask(client, client->request, request_length);
    }
    time = now();
  }
  if (count == 0) {
    fprintf(stderr, "ask: nothing was answered\n");
    return 1;
  }
  qsort(times, count, sizeof *times, compare);
  printf("%.0f %.0f %.0f\n", count / seconds, times[count / 2], times[(int)(count * 0.99)]);
  return 0;
}
