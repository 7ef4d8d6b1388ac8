/**
 * Keyspace notifications: each change of a key as two messages, in the classes that notify-keyspace-events chooses.
 *
 *   K   __keyspace@<database>__:<key>     event
 *   E   __keyevent@<database>__:<event>   key
 *
 * While nothing is chosen the keyspace tells nobody (`observer`, `onMissed` and `onAdded` are null).
 */
import { Slice } from "@sider/keyspace-engine";
import type { Database, Key, Keyspace, KeyspaceObserver } from "@sider/keyspace-engine";
import { NOTIFY, notifyBit } from "../config/special-types.ts";
import type { Server } from "../server.ts";
import type { PubSub } from "./pubsub.ts";

export class KeyspaceEvents implements KeyspaceObserver {
  private readonly keyspace: Keyspace;
  private readonly pubsub: PubSub;
  private flags = 0;
  private isPaused = false;
  /** `__keyspace@<database>__:` and `__keyevent@<database>__:` by the number of the database; names of events as bytes. */
  private readonly prefixes: (readonly [keyspace: Uint8Array, keyevent: Uint8Array])[] = [];
  private readonly names = new Map<string, Uint8Array>();
  private channelBytes = new Uint8Array(256);
  private readonly channel = new Slice();
  private readonly message = new Slice();

  constructor(server: Server) {
    this.keyspace = server.keyspace;
    this.pubsub = server.pubsub;
  }

  /** Chooses the classes: the value of notify-keyspace-events. */
  choose(flags: number): void {
    this.flags = flags;
    this.connect();
  }

  /** While a data set is loaded nothing is told: that is no change. */
  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.connect();
  }

  private connect(): void {
    const { flags, keyspace } = this;
    const isOn = !this.isPaused && (flags & (NOTIFY.keyspace | NOTIFY.keyevent)) !== 0;
    keyspace.observer = isOn ? this : null;
    keyspace.onMissed = isOn && (flags & NOTIFY.keyMiss) !== 0 ? this.missed : null;
    keyspace.onAdded = isOn && (flags & NOTIFY.newKey) !== 0 ? this.added : null;
  }

  private readonly missed = (database: Database, key: Key): void => this.changed(database, key, "m", "keymiss");
  private readonly added = (database: Database, key: Key): void => this.changed(database, key, "n", "new");

  changed(database: Database, key: Key, eventClass: string, event: string): void {
    if ((this.flags & notifyBit(eventClass)) === 0 || !this.pubsub.hasListeners) return;
    const name = this.nameOf(event);
    const [keyspacePrefix, keyeventPrefix] = this.prefixesOf(database.index);
    if ((this.flags & NOTIFY.keyspace) !== 0) {
      this.message.set(name, 0, name.length);
      this.publish(keyspacePrefix, key.bytes, key.offset, key.length);
    }
    if ((this.flags & NOTIFY.keyevent) !== 0) {
      this.message.set(key.bytes, key.offset, key.length);
      this.publish(keyeventPrefix, name, 0, name.length);
    }
  }

  /** Sends `message` to the channel whose name is a prefix and some bytes. */
  private publish(prefix: Uint8Array, bytes: Uint8Array, offset: number, length: number): void {
    const total = prefix.length + length;
    if (this.channelBytes.length < total) this.channelBytes = new Uint8Array(total * 2);
    this.channelBytes.set(prefix);
    this.channelBytes.set(bytes.subarray(offset, offset + length), prefix.length);
    this.pubsub.publish(this.channel.set(this.channelBytes, 0, total), this.message);
  }

  private nameOf(event: string): Uint8Array {
    let name = this.names.get(event);
    if (name === undefined) this.names.set(event, (name = ascii(event)));
    return name;
  }

  private prefixesOf(database: number): readonly [keyspace: Uint8Array, keyevent: Uint8Array] {
    const number = String(database);
    return (this.prefixes[database] ??= [ascii(`__keyspace@${number}__:`), ascii(`__keyevent@${number}__:`)]);
  }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
