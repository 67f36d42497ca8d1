/** vpcsim as a library: load a topology, build its world, trace packets, render what came of them.
 *  Nothing here touches files, the network or a terminal. */

export { capacityOf } from './analysis/capacity/capacity.ts';
export type {
  Advice,
  CapacityReport,
  CapacityUse,
  GroupCapacity,
  Growth,
  Peak,
  SubnetCapacity,
} from './analysis/capacity/report.ts';
export { withCheckedFixes } from './analysis/checked-fixes.ts';
export { type CheckResult, checkTopology } from './analysis/expectations.ts';
export { type FoundPacket, findPacket, type PacketSearch, packetText } from './analysis/find-packet.ts';
export type { Listing } from './analysis/listing.ts';
export { listingKinds } from './analysis/listings.ts';
export { type MaxPodsReport, reportMaxPods } from './analysis/max-pods.ts';
export { InputError, type Issue, type Parsed, type Position } from './base/issue.ts';
export type { Origin } from './base/origin.ts';
export { type InstanceType, instanceType } from './cni/instance-types.ts';
export type { MaxPodsOptions, RuleSetName } from './cni/max-pods.ts';
export { matchNames } from './host/match/matches.ts';
export type { HostDump, IpSetSource, TableSource } from './host/rules.ts';
export { restoreText, saveText } from './host/save/iptables.ts';
export { nftText } from './host/save/nft.ts';
export { setsText } from './host/save/sets.ts';
export { targetNames } from './host/target/targets.ts';
export { type AwsDumpFile, importAws } from './io/aws/import.ts';
export { type DumpFile, readHostDump } from './io/dumps/host-dump.ts';
export { type LabFile, labFiles } from './io/lab/files.ts';
export type { Lab, LabNamespace } from './io/lab/plan.ts';
export { type LabOptions, labOf } from './io/lab/world-lab.ts';
export { type LoadOptions, loadTopology } from './io/load-topology.ts';
export type { Header } from './packet/headers.ts';
export { surroundingsOf } from './render/boxes.ts';
export { renderJson } from './render/json.ts';
export { type MaxPodsRow, rowOf as maxPodsRow } from './render/max-pods/rows.ts';
export { renderText } from './render/text.ts';
export { renderWire } from './render/wire.ts';
export type { Raw } from './trace/engine.ts';
export type { Disposition, Verdict } from './trace/outcome.ts';
export { Recorder } from './trace/recorder.ts';
export type { Blocker, Hop, Path, Symptom, Trace, TraceStep } from './trace/trace.ts';
export { allDrops, type DropDefinition } from './trace/vocabulary.ts';
export { buildWorld } from './world/build.ts';
export { devices } from './world/devices.ts';
export { type Flow, type PreparedFlow, prepare, readFlow, trace, verdictOf, walkFlow } from './world/flow.ts';
export { type HeldRules, heldRules } from './world/held-rules.ts';
export { type NodeRule, type NodeRulesOptions, rulesOf } from './world/node-rules.ts';
export type { Topology } from './world/topology.ts';
export type { World } from './world/world.ts';
