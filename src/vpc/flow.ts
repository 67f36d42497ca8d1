/** What AWS's devices remember of flows: the kinds of sessions of this folder. */
import { REPLY } from '../trace/session.ts';

export const SECURITY_GROUP_SESSION = 1;
export const NAT_GATEWAY_SESSION = 3;
export const NLB_SESSION = 4;
/** Kept on the VPC's router: the flow came into the VPC by a transit gateway's attachment. */
export const ATTACHMENT_SESSION = 5;
/** Kept on the VPC's router: the flow left a middlebox. */
export const MIDDLEBOX_SESSION = 6;
/** Block Public Access let the flow pass. */
export const PUBLIC_ACCESS_SESSION = 7;
/** Kept on a built-in service: by which interface it was asked. */
export const BUILT_IN_SESSION = 9;
/** Kept on a service of AWS: the flow came by a gateway endpoint. */
export const GATEWAY_ENDPOINT_SESSION = 8;

/** Kept on an attachment in appliance mode: the zone in which both directions of the flow enter the VPC. */
export const APPLIANCE_SESSION = 8;
/** Kept on the egress-only internet gateway, and on the internet, where the mark is the gateway's index. */
export const EGRESS_ONLY_SESSION = 9;

/** Whether `walk.findSession` found a session that the packet is the answer of. */
export function isReply(session: number): boolean {
  return session >= 0 && (session & 1) === REPLY;
}
