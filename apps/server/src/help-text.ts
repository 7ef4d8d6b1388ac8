/** What `--help` prints. */
export const HELP_TEXT = `sider-server: an in-memory data store that speaks the protocol of Redis

  sider-server [redis.conf] [-] [--directive word ...] ...
  sider-server --version | --help | --check-system

  redis.conf           a configuration file, with its includes
  -                    configuration text from standard input, after the file
  --directive word     any directive of redis.conf; these win over the file

  sider-server                              port 6379, dump.rdb in this folder
  sider-server --port 7000 --save 60 1      saves after a minute with a change
  sider-server --port 0 --unixsocket /tmp/sider.sock
  sider-server /etc/redis/redis.conf --dir /data --save ''

SIGTERM and SIGINT save, if there are save points, and end the server.
`;

/** Why there is no `--test-memory`. */
export const TEST_MEMORY_TEXT =
  "sider-server has no --test-memory: a program in Node cannot choose the pages of memory that it touches. Use memtest86 or memtester.\n";
