/** The words by which people name the ends of a flow: `pod/ns/name:port`, `svc/...`, addresses, URLs.
 *  Only the grammar; what a word stands for in a world is found by `resolve`. */
import { parseAddress, parseIpv4 } from '../addressing/ip.ts';

export type Word =
  | {
      readonly is: 'object';
      readonly kind: ObjectWord;
      readonly namespace: string;
      readonly name: string;
      readonly port?: string | undefined;
    }
  | {
      readonly is: 'device';
      readonly kind: DeviceWord;
      readonly name: string;
      readonly port?: string | undefined;
    }
  | {
      readonly is: 'midway';
      readonly kind: 'subnet' | 'vpc-router';
      readonly name: string;
      readonly port?: undefined;
    }
  | { readonly is: 'address'; readonly address: number; readonly port?: string | undefined }
  | {
      readonly is: 'url';
      readonly scheme: 'http' | 'https';
      readonly host: string;
      readonly port?: string | undefined;
      readonly path: string;
      readonly query: string;
    }
  | { readonly is: 'name'; readonly name: string; readonly port?: string | undefined };

export type ObjectWord = 'pod' | 'deploy' | 'sts' | 'ds' | 'rs' | 'job' | 'svc';

const objectWords: Readonly<Record<string, ObjectWord>> = {
  pod: 'pod',
  po: 'pod',
  deploy: 'deploy',
  deployment: 'deploy',
  sts: 'sts',
  statefulset: 'sts',
  ds: 'ds',
  daemonset: 'ds',
  rs: 'rs',
  replicaset: 'rs',
  job: 'job',
  svc: 'svc',
  service: 'svc',
};
const deviceWords = ['node', 'host', 'instance', 'eni', 'endpoint', 'aws'] as const;

export type DeviceWord = (typeof deviceWords)[number];

/** Where a packet may begin without being made there. */
const midwayWords = ['subnet', 'vpc-router'] as const;

/** Kinds that begin a word, for hints. */
export const wordKinds: readonly string[] = [...Object.keys(objectWords), ...deviceWords, ...midwayWords];

/** What is wrong with a word, or its parts. */
export function parseWord(text: string): Word | { readonly fault: string; readonly kind?: string } {
  if (text === '') return { fault: 'empty' };
  const url = /^(https?):\/\/([^/?#:]+|\[[^\]]*\])(?::(\d+))?(\/[^?#]*)?(?:\?([^#]*))?/i.exec(text);
  if (url)
    return {
      is: 'url',
      scheme: url[1]!.toLowerCase() as 'http' | 'https',
      host: url[2]!.toLowerCase(),
      port: url[3],
      path: url[4] ?? '/',
      query: url[5] ?? '',
    };
  if (text.includes('://')) return { fault: 'scheme' };
  const six = /^(?:\[([0-9a-f:.]*:[0-9a-f:.]*)\](?::(.*))?|([0-9a-f.]*:[0-9a-f:.]*:[0-9a-f:.]*))$/i.exec(
    text,
  );
  if (six) {
    const address = parseAddress(six[1] ?? six[3]!);
    return address === undefined ? { fault: 'address' } : { is: 'address', address, port: six[2] };
  }
  const slash = text.indexOf('/');
  if (slash >= 0) return parseKinded(text.slice(0, slash).toLowerCase(), text.slice(slash + 1));
  const { head, port } = splitPort(text);
  const address = parseIpv4(head);
  if (address !== undefined) return { is: 'address', address, port };
  if (/^[\d.]+$/.test(head)) return { fault: 'address' };
  return { is: 'name', name: head.toLowerCase(), port };
}

function parseKinded(kind: string, rest: string): Word | { readonly fault: string; readonly kind?: string } {
  const device = deviceWords.find((word) => word === kind);
  if (device) {
    const { head, port } = splitPort(rest);
    return head === '' ? { fault: 'empty' } : { is: 'device', kind: device, name: head, port };
  }
  const midway = midwayWords.find((word) => word === kind);
  if (midway) return rest === '' ? { fault: 'empty' } : { is: 'midway', kind: midway, name: rest };
  const object = Object.hasOwn(objectWords, kind) ? objectWords[kind] : undefined;
  if (!object) return { fault: 'kind', kind };
  const { head, port } = splitPort(rest);
  const parts = head.split('/');
  if (parts.length > 2 || parts.some((part) => part === '')) return { fault: 'parts' };
  const [namespace, name] = parts.length === 2 ? [parts[0]!, parts[1]!] : ['default', parts[0]!];
  return { is: 'object', kind: object, namespace, name, port };
}

function splitPort(text: string): { head: string; port?: string | undefined } {
  const colon = text.lastIndexOf(':');
  return colon < 0 ? { head: text } : { head: text.slice(0, colon), port: text.slice(colon + 1) };
}
