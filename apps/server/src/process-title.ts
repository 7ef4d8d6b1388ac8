/**
 * `set-proc-title` and `proc-title-template`: what `ps` shows. Node has no more room for it than the command line of the process had; a longer
 * title is cut.
 */
import type { Configuration } from "@sider/server";

/** Sets the title now and when the template or what it names changes. */
export function followProcessTitle(configuration: Configuration, configFile: string): void {
  if (!configuration.get("set-proc-title")) return;
  const apply = (): void => {
    process.title = processTitle(configuration, configFile);
  };
  apply();
  for (const name of ["proc-title-template", "port", "tls-port", "bind"] as const) configuration.onChange(name, apply);
}

/** The template with its variables filled in. */
export function processTitle(configuration: Configuration, configFile: string): string {
  const values: Readonly<Record<string, string>> = {
    title: "sider-server",
    "listen-addr": listenAddress(configuration),
    "server-mode": "",
    port: configuration.text("port"),
    "tls-port": configuration.text("tls-port"),
    unixsocket: configuration.get("unixsocket"),
    "config-file": configFile,
  };
  const template = configuration.get("proc-title-template");
  return template.replace(/\{([^{}]*)\}/g, (whole, name: string) => values[name] ?? whole).trim();
}

function listenAddress(configuration: Configuration): string {
  const port = configuration.get("port") === 0 ? configuration.get("tls-port") : configuration.get("port");
  const [address = "*"] = configuration.get("bind");
  return port === 0 ? configuration.get("unixsocket") : `${address.replace(/^-/, "")}:${String(port)}`;
}
