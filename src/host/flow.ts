/** What one host's kernel knows of the packet it holds (sk_buff and its nf_conn). There is one, reused for every hop:
 *  a walk handles one packet at a time, and nothing in it outlives `receive`. */
import type { Packet } from '../packet/packet.ts';
import { isIcmp } from '../packet/protocol.ts';
import type { StepVerdictNumber } from '../trace/outcome.ts';
import type { Step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import type { LinuxHost } from './linux-record.ts';

/** Connection tracking state, as bits: the values that `--ctstate` names. */
export const CT_INVALID = 1;
export const CT_NEW = 2;
export const CT_RELATED = 4;
export const CT_ESTABLISHED = 8;
export const CT_UNTRACKED = 16;
export const CT_SNAT = 32;
export const CT_DNAT = 64;

export const TCP_RESET = -1;

export class Flow {
  walk!: Walk;
  packet!: Packet;
  host!: LinuxHost;
  /** Numbers of the interfaces, -1 where the hook has none. */
  inPort = -1;
  outPort = -1;

  /** One of the CT_ state bits; 0 before conntrack has looked. */
  state = 0;
  /** Direction of the packet in its connection: ORIGINAL or REPLY. */
  direction = 0;
  /** Number of the connection's session once it is confirmed; -1 before, and without one. */
  session = -1;
  connmark = 0;
  /** Zone in which connections are looked for (target CT). */
  zone = 0;
  /** Tuple of the connection's first packet as it came in, and of the replies as they will come in. */
  protocol = 0;
  src = 0;
  sourcePort = 0;
  dst = 0;
  destinationPort = 0;
  replySrc = 0;
  replySourcePort = 0;
  replyDst = 0;
  replyDestinationPort = 0;
  /** The first packet's source port came in free: its reply gets a free port back. */
  freeSource = false;
  /** The reset of a REJECT: no socket, not even one of the kernel's own, sends it. */
  fromReject = false;
  /** IPS_DST_NAT_DONE, IPS_SRC_NAT_DONE: a binding, or its absence, has been settled. */
  destinationSettled = false;
  sourceSettled = false;

  /** The route found for the packet, the `ip rule` that led to it, and the interface and neighbour it leads to. */
  route = -1;
  ipRule = -1;
  way = -1;
  gateway = 0;
  /** Of a route with several next hops: which one the flow has, and the route's number. */
  hop = 0;
  hoppedBy = -1;

  /** With `--seen-client`: the list that is taken to hold the client, and for which run of rules. */
  remembered = -1;
  listsOf: object | undefined = undefined;
  listsEnd = 0;

  /** Where the interpreter is, for steps and choices: hook, chain number, rule. */
  hook = 0;
  chain = 0;
  rule = 0;

  /** What a REJECT that is about to end the packet sends: ICMP type * 256 + code, or TCP_RESET. */
  rejectWith = 0;
  readonly #ruleStep: Step;

  constructor(ruleStep: Step) {
    this.#ruleStep = ruleStep;
  }

  /** Records that the rule at hand matched. */
  record(verdict: StepVerdictNumber): void {
    this.walk.step(this.#ruleStep, verdict, this.hook, this.chain, this.rule);
  }

  begin(host: LinuxHost, packet: Packet, walk: Walk): void {
    this.walk = walk;
    this.packet = packet;
    this.host = host;
    this.inPort = walk.port;
    this.outPort = -1;
    this.state = 0;
    this.direction = 0;
    this.session = -1;
    this.connmark = 0;
    this.zone = 0;
    this.freeSource = false;
    this.hoppedBy = -1;
    this.fromReject = false;
    this.remembered = -1;
    this.listsOf = undefined;
    this.destinationSettled = false;
    this.sourceSettled = false;
  }

  /** Whether the packet belongs to a connection that the kernel tracks. */
  get tracked(): boolean {
    return (this.state & (CT_NEW | CT_RELATED | CT_ESTABLISHED)) !== 0;
  }

  get sourceTranslated(): boolean {
    return (
      this.replyDst !== this.src || (!isIcmp(this.protocol) && this.replyDestinationPort !== this.sourcePort)
    );
  }

  get destinationTranslated(): boolean {
    return (
      this.replySrc !== this.dst || (!isIcmp(this.protocol) && this.replySourcePort !== this.destinationPort)
    );
  }
}
