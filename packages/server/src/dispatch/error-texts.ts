/** Error replies that several commands give, to the letter: clients match on them. */
export const SYNTAX_ERROR = "ERR syntax error";
export const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
export const NOT_AN_INTEGER = "ERR value is not an integer or out of range";
export const NOT_A_FLOAT = "ERR value is not a valid float";
export const NO_SUCH_KEY = "ERR no such key";
export const STRING_TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
export const DATABASE_OUT_OF_RANGE = "ERR DB index is out of range";
export const OVERFLOW = "ERR increment or decrement would overflow";
export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
export const NOT_AUTHENTICATED = "NOAUTH Authentication required.";
export const NOT_IN_TRANSACTION = "ERR Command not allowed inside a transaction";
export const TRANSACTION_TOO_LARGE = "OOM the commands of the transaction take too much memory";
/** A bug: the log has its stack. */
export const INTERNAL_ERROR = "ERR internal error";
export const MONITOR_ONLY = "ERR Replica can't interact with the keyspace";
