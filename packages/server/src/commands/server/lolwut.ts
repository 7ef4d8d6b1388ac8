/** LOLWUT: two waves that meet, drawn anew each time, and the version. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { REDIS_VERSION, SIDER_VERSION } from "../../version.ts";

const WIDTH = 64;
const HEIGHT = 16;
/** From calm to steep. */
const SHADES = " .:-=+*#%@";

/** LOLWUT [VERSION number] */
export function lolwut(context: CommandContext): void {
  if (context.count >= 3 && context.is(1, "version")) {
    context.integer(2);
    if (context.error !== null) return;
  }
  const { random } = context.keyspace;
  const picture = drawWaves(random(628) / 100, random(628) / 100, 2 + random(5));
  const ends = `Two waves that meet, drawn for you by Sider ${SIDER_VERSION}\nRedis ver. ${REDIS_VERSION}\n`;
  context.reply.verbatim("txt", `${picture}\n${ends}`);
}

/** Circles around two points, added up. Phases in radians. */
function drawWaves(phase: number, otherPhase: number, wavelength: number): string {
  let picture = "";
  for (let row = 0; row < HEIGHT; row++) {
    for (let column = 0; column < WIDTH; column++) {
      const left = Math.hypot(column - WIDTH / 4, (row - HEIGHT / 2) * 2);
      const right = Math.hypot(column - (WIDTH * 3) / 4, (row - HEIGHT / 2) * 2);
      const height = Math.sin(left / wavelength + phase) + Math.sin(right / wavelength + otherPhase);
      picture += SHADES.charAt(Math.min(SHADES.length - 1, Math.floor(((height + 2) / 4) * SHADES.length)));
    }
    picture += "\n";
  }
  return picture;
}
