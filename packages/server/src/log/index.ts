/** Log lines in Redis's form. */
export { logOutput } from "./log-output.ts";
export { formatLogTime, LOG_LEVELS, Logger, type LoggerOptions, type LogLevel, type LogThreshold } from "./logger.ts";
