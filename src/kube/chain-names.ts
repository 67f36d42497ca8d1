/** Names of kube-proxy's chains for each service port: 16 characters of base32(sha256(...)), because a chain name holds
 *  28 at most (kube-proxy iptables/proxier.go portProtoHash, servicePortEndpointChainName). */
import { sha256 } from '../api/digest.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** "KUBE-SVC-XPGD46QRK7WJZT7O". */
export function servicePortChain(kind: 'SVC' | 'SVL' | 'FW' | 'EXT', hash: string): string {
  return `KUBE-${kind}-${hash}`;
}

/** What the four chains of a service port share; `portName` is "ns/service:port". */
export function servicePortHash(portName: string, protocol: string): string {
  return chainHash(portName + protocol);
}

/** `endpoint` is "10.180.0.1:80". */
export function endpointChain(portName: string, protocol: string, endpoint: string): string {
  return `KUBE-SEP-${chainHash(portName + protocol + endpoint)}`;
}

function chainHash(text: string): string {
  const bytes = sha256(text);
  let characters = '';
  let bits = 0;
  let held = 0;
  for (let i = 0; characters.length < 16; i++) {
    bits = ((bits << 8) | bytes[i]!) & 0xfff;
    held += 8;
    for (; held >= 5 && characters.length < 16; held -= 5) characters += BASE32[(bits >> (held - 5)) & 31];
  }
  return characters;
}
