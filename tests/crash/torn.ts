/** Whether the bytes of an increment of the append-only file end where a command ends. */
export function endsWhole(bytes: Buffer): boolean {
  let at = 0;
  const count = (): number => {
    const end = bytes.indexOf("\r\n", at);
    const digits = end < 0 ? "" : bytes.toString("latin1", at + 1, end);
    at = end + 2;
    return digits === "" ? Number.NaN : Number(digits);
  };
  while (at < bytes.length) {
    for (let words = count(); words !== 0; words--) {
      if (Number.isNaN(words)) return false;
      const length = count();
      at += length + 2;
      if (!(at <= bytes.length)) return false;
    }
  }
  return true;
}
