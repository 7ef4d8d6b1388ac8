/**
 * Dense registers: 6 bits each, from the lowest bit of each byte on.
 *
 *   byte    0        1        2
 *        |11000000|22221111|33333322|        four registers in three bytes
 *
 * `at` is the offset of the first byte of registers, behind the header.
 */
import { LARGEST_REGISTER, REGISTER_COUNT } from "./layout.ts";

/** The value of a register. */
export function denseRegister(bytes: Uint8Array, at: number, register: number): number {
  const bit = register * 6;
  const byte = at + (bit >> 3);
  const shift = bit & 7;
  const second = shift > 2 ? bytes[byte + 1] << (8 - shift) : 0;
  return ((bytes[byte] >> shift) | second) & LARGEST_REGISTER;
}

/** Sets a register. */
export function setDenseRegister(bytes: Uint8Array, at: number, register: number, value: number): void {
  const bit = register * 6;
  const byte = at + (bit >> 3);
  const shift = bit & 7;
  bytes[byte] = (bytes[byte] & ~(LARGEST_REGISTER << shift)) | (value << shift);
  if (shift <= 2) return;
  bytes[byte + 1] = (bytes[byte + 1] & ~(LARGEST_REGISTER >> (8 - shift))) | (value >> (8 - shift));
}

/** Counts registers by their value, adding to `histogram` (64 counts). */
export function countDense(bytes: Uint8Array, at: number, histogram: Int32Array): void {
  const end = at + (REGISTER_COUNT * 6) / 8;
  for (let byte = at; byte < end; byte += 3) {
    const four = bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16);
    histogram[four & 63]++;
    histogram[(four >> 6) & 63]++;
    histogram[(four >> 12) & 63]++;
    histogram[four >> 18]++;
  }
}

/** Raises each of `registers` (one byte each) to the value of the dense one. */
export function mergeDense(bytes: Uint8Array, at: number, registers: Uint8Array): void {
  let byte = at;
  for (let register = 0; register < REGISTER_COUNT; register += 4, byte += 3) {
    const four = bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16);
    raise(registers, register, four & 63);
    raise(registers, register + 1, (four >> 6) & 63);
    raise(registers, register + 2, (four >> 12) & 63);
    raise(registers, register + 3, four >> 18);
  }
}

function raise(registers: Uint8Array, register: number, value: number): void {
  if (value > registers[register]) registers[register] = value;
}

/** Writes all `registers` (one byte each). */
export function writeDense(bytes: Uint8Array, at: number, registers: Uint8Array): void {
  let byte = at;
  for (let register = 0; register < REGISTER_COUNT; register += 4, byte += 3) {
    const four =
      registers[register] |
      (registers[register + 1] << 6) |
      (registers[register + 2] << 12) |
      (registers[register + 3] << 18);
    bytes[byte] = four;
    bytes[byte + 1] = four >> 8;
    bytes[byte + 2] = four >> 16;
  }
}
