/** The configuration: directives, their values, configuration files and the command line. */
export { type CommandLine, parseCommandLine } from "./command-line.ts";
export { type ChangeListener, Configuration, type ConfigurationOptions, type SetContext } from "./configuration.ts";
export type { Directive, DirectiveFlags } from "./directive.ts";
export { type DirectiveName, DIRECTIVES, type DirectiveValues } from "./directives.ts";
export { fileSource, resolveExistingDirectory } from "./file-source.ts";
export {
  ConfigurationFileError,
  ConfigurationLoader,
  type ConfigurationSource,
  type LoadResult,
  type Rename,
  type Statement,
} from "./load.ts";
export { rewriteFile } from "./rewrite-file.ts";
export {
  NOTIFY,
  type OutputBufferLimit,
  type OutputBufferLimits,
  percentileText,
  type Primary,
  type SavePoint,
} from "./special-types.ts";
export { ConfigurationError } from "./value-types.ts";
export { WITHOUT_EFFECT, withoutEffectLine } from "./without-effect.ts";
