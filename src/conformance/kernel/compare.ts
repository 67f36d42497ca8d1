/** Where the model and the kernel tell different stories. Ports that only chance decides are the only thing masked. */
import { endingText, headerText, type Receiver, type SeenHeader, type Told, type WalkLine } from './walk.ts';

/** One line for each difference; none where both tell the same. */
export function differences(model: Told, kernel: Told): string[] {
  const found: string[] = [];
  const ends = [endingText(model.ending), endingText(kernel.ending)];
  if (!sameEnding(model, kernel)) found.push(`ending: model ${ends[0]}, kernel ${ends[1]}`);
  if (!sameReceiver(model.receiver, kernel.receiver, model))
    found.push(`receiver: model ${receiverText(model.receiver)}, kernel ${receiverText(kernel.receiver)}`);
  for (const key of new Set([...model.walks.keys(), ...kernel.walks.keys()]))
    found.push(...walkDifferences(key, model.walks.get(key) ?? [], kernel.walks.get(key) ?? []));
  return found;
}

function sameEnding({ ending: model }: Told, { ending: kernel }: Told): boolean {
  if (model.kind === 'icmp' && kernel.kind === 'icmp')
    return (
      model.type === kernel.type &&
      model.code === kernel.code &&
      // What a kernel tells its own sockets has no sender.
      (kernel.from === '' || model.from === kernel.from)
    );
  return endingText(model) === endingText(kernel);
}

/** A process only sees what the whole handshake brings: where an answer or a later packet is lost, nothing is accepted. */
function sameReceiver(model: Receiver | undefined, kernel: Receiver | undefined, { ending }: Told): boolean {
  if (model === undefined || kernel === undefined)
    return model === kernel || (kernel === undefined && ending.kind !== 'reply');
  return (
    model.device === kernel.device &&
    model.src === kernel.src &&
    model.dst === kernel.dst &&
    samePort(model.sport, kernel.sport) &&
    samePort(model.dport, kernel.dport)
  );
}

function receiverText(receiver: Receiver | undefined): string {
  if (receiver === undefined) return 'nobody';
  const { device, src, sport, dst, dport } = receiver;
  return `${device} ${src}:${sport} > ${dst}:${dport}`;
}

function walkDifferences(key: string, model: readonly WalkLine[], kernel: readonly WalkLine[]): string[] {
  const length = Math.max(model.length, kernel.length);
  for (let at = 0; at < length; at++) {
    const [ours, theirs] = [model[at], kernel[at]];
    if (ours && theirs && sameLine(ours, theirs)) continue;
    const before = kernel[at - 1];
    return [
      `${key}, line ${at + 1}${before ? ` (after "${before.text.trim()}")` : ''}:`,
      `  model  ${lineText(ours)}`,
      `  kernel ${lineText(theirs)}`,
    ];
  }
  return [];
}

function sameLine(model: WalkLine, kernel: WalkLine): boolean {
  if (model.text !== kernel.text || (model.mark ?? 0) >>> 0 !== (kernel.mark ?? 0) >>> 0) return false;
  return !model.header || !kernel.header || sameHeader(model.header, kernel.header);
}

function sameHeader(model: SeenHeader, kernel: SeenHeader): boolean {
  return (
    model.protocol === kernel.protocol &&
    model.src === kernel.src &&
    model.dst === kernel.dst &&
    model.ttl === kernel.ttl &&
    model.icmp === kernel.icmp &&
    samePort(model.sport, kernel.sport) &&
    samePort(model.dport, kernel.dport)
  );
}

const samePort = (model: number | '*' | undefined, kernel: number | '*' | undefined): boolean =>
  model === '*' || model === kernel;

function lineText(line: WalkLine | undefined): string {
  if (line === undefined) return 'nothing more';
  return [
    line.text.trim(),
    ...(line.header ? [`[${headerText(line.header)}]`] : []),
    ...(line.mark ? [`mark 0x${(line.mark >>> 0).toString(16)}`] : []),
  ].join(' ');
}
