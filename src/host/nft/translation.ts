/** A rule of nftables on its way to iptables' words. */
import type { Words } from './words.ts';

/** A rule while it is being put into iptables' words. */
export class Translation {
  readonly header: string[] = [];
  readonly matches: string[] = [];
  target = '';
  protocol = '';
  understood = true;

  setProtocol(name: string, not = ''): void {
    if (this.protocol === name) return;
    if (this.protocol !== '') this.understood = false;
    this.protocol = name;
    this.header.push(`${not}-p ${name}`);
  }

  /** A statement that changes something. Two in one rule have no form in iptables. */
  act(target: string): void {
    if (this.target !== '') this.understood = false;
    this.target = target;
  }
}

/** Reads one expression or statement; false where it can't. */
export type Reader = (words: Words, out: Translation) => boolean;
