/** A trace as JSON text, `vpcsim.trace/v1`: keys in the order of the documentation, so that equal traces are equal
 *  bytes. Sweeps write thousands of traces, so the text is put together directly: no copies, and strings are only
 *  escaped when they hold something to escape. */
import type { Header } from '../packet/headers.ts';
import type {
  AfterFixes,
  Blocker,
  FixChecked,
  Hop,
  NextBlocker,
  Path,
  Symptom,
  Trace,
  TraceStep,
} from '../trace/trace.ts';

/** Compact JSON, or indented by two for reading. */
export function renderJson(trace: Trace, options: { readonly pretty?: boolean } = {}): string {
  const text = traceText(trace);
  return options.pretty ? JSON.stringify(JSON.parse(text), null, 2) : text;
}

function traceText(trace: Trace): string {
  const { request, reply } = trace;
  return (
    `{"schema":${quoted(trace.schema)},"request":{"from":${quoted(request.from)},"to":${quoted(request.to)},` +
    `"protocol":${quoted(request.protocol)},"sourcePort":${request.sourcePort},"destinationPort":${request.destinationPort}${sizeText(request)}},` +
    `"verdict":"${trace.verdict}","exitCode":${trace.exitCode},"paths":${list(trace.paths, pathText)},` +
    `"unexploredShare":${trace.unexploredShare},"reply":{"disposition":"${reply.disposition}","code":${orNull(reply.code)}},` +
    `"blockers":${list(trace.blockers, blockerText)},${afterText(trace.afterFixes)}"symptom":${symptomText(trace.symptom)},` +
    `"assumptions":${list(trace.assumptions, quoted)},"notModelled":${list(trace.notModelled, quoted)},` +
    `"remarks":${list(trace.remarks, quoted)}}`
  );
}

function sizeText({ size, df }: Trace['request']): string {
  return (size === undefined ? '' : `,"size":${size}`) + (df === undefined ? '' : `,"df":${df}`);
}

function pathText(path: Path): string {
  const { reply } = path;
  return (
    `{"id":${path.id},"share":${path.share},"via":${list(path.via, quoted)},` +
    `"choices":${list(path.choices, (choice) => `{"why":${quoted(choice.why)},"share":${choice.share}}`)},` +
    `"legs":${list(path.legs, (leg) => `{"index":${leg.index},"hops":[${leg.hops.join(',')}]}`)},` +
    `"hops":${list(path.hops, hopText)},"disposition":"${path.disposition}","code":${orNull(path.code)},` +
    `"device":${quoted(path.device)},"symptom":${symptomText(path.symptom)},` +
    `"reply":{"disposition":"${reply.disposition}","code":${orNull(reply.code)},"device":${orNull(reply.device)},` +
    `"hops":${list(reply.hops, hopText)},"asymmetric":${reply.asymmetric}},` +
    `"assumptions":${list(path.assumptions, quoted)},"notModelled":${list(path.notModelled, quoted)},` +
    `"remarks":${list(path.remarks, quoted)}}`
  );
}

function hopText(hop: Hop): string {
  const { device, steps } = hop;
  const head = headerText(hop.in);
  let text =
    `{"n":${hop.n},"leg":${hop.leg},"device":${deviceText(device)},"az":${orNull(hop.az)},"ghost":${hop.ghost},` +
    `"in":${head},"out":${hop.out === hop.in ? head : headerText(hop.out)},"steps":[`;
  for (let i = 0; i < steps.length; i++) text += (i > 0 ? ',' : '') + stepText(steps[i]!);
  return `${text}]}`;
}

const devices = new WeakMap<Hop['device'], string>();

function deviceText(device: Hop['device']): string {
  let text = devices.get(device);
  if (text === undefined) {
    text = `{"kind":${quoted(device.kind)},"id":${quoted(device.id)},"name":${quoted(device.name)}}`;
    devices.set(device, text);
  }
  return text;
}

/** Texts of steps that are the same objects in every trace of a world: those that do not speak of the packet. */
const known = new WeakMap<TraceStep, string>();

function stepText(step: TraceStep): string {
  if (step.before !== undefined) return newStepText(step);
  let text = known.get(step);
  if (text === undefined) {
    text = newStepText(step);
    known.set(step, text);
  }
  return text;
}

function newStepText(step: TraceStep): string {
  let text = `{"stage":${quoted(step.stage)},"verdict":"${step.verdict}"`;
  if (step.rule !== undefined) text += `,"rule":${quoted(step.rule)}`;
  if (step.source !== undefined) text += `,"source":${sourceText(step.source)}`;
  text += `,"because":${quoted(step.because)}`;
  if (step.before !== undefined) text += `,"before":${headerText(step.before)}`;
  if (step.after !== undefined) text += `,"after":${headerText(step.after)}`;
  return `${text}}`;
}

function headerText(header: Header): string {
  let text = `{"protocol":"${header.protocol}","src":"${header.src}","dst":"${header.dst}"`;
  if (header.sport !== undefined) text += `,"sport":${header.sport}`;
  if (header.dport !== undefined) text += `,"dport":${header.dport}`;
  text += `,"ttl":${header.ttl}`;
  if (header.mark !== undefined) text += `,"mark":${header.mark}`;
  if (header.icmp !== undefined) text += `,"icmp":{"type":${header.icmp.type},"code":${header.icmp.code}}`;
  if (header.free !== undefined) text += `,"free":${list(header.free, quoted)}`;
  return `${text}}`;
}

function blockerText(blocker: Blocker): string {
  let text =
    `{"path":${blocker.path},"hop":${blocker.hop},"direction":"${blocker.direction}","code":${quoted(blocker.code)},` +
    `"awsCode":${orNull(blocker.awsCode)},"device":${quoted(blocker.device)},"because":${quoted(blocker.because)}`;
  if (blocker.rule !== undefined) text += `,"rule":${quoted(blocker.rule)}`;
  if (blocker.source !== undefined) text += `,"source":${sourceText(blocker.source)}`;
  if (blocker.nearest !== undefined) text += `,"nearest":${quoted(blocker.nearest)}`;
  if (blocker.fix !== undefined) text += `,"fix":${quoted(blocker.fix)}`;
  if (blocker.fixChecked !== undefined) text += `,"fixChecked":${checkedText(blocker.fixChecked)}`;
  return `${text}}`;
}

function checkedText({ result, why, next }: FixChecked): string {
  let text = `{"result":"${result}"`;
  if (why !== undefined) text += `,"why":${quoted(why)}`;
  if (next !== undefined) text += `,"next":${next === null ? 'null' : nextText(next)}`;
  return `${text}}`;
}

function nextText({ code, device, hop, direction }: NextBlocker): string {
  return `{"code":${quoted(code)},"device":${quoted(device)},"hop":${hop},"direction":"${direction}"}`;
}

function afterText(after: AfterFixes | undefined): string {
  return after === undefined
    ? ''
    : `"afterFixes":{"verdict":"${after.verdict}","blockers":${list(after.blockers, nextText)}},`;
}

function sourceText(source: NonNullable<TraceStep['source']>): string {
  return `{"file":${quoted(source.file)},"line":${source.line},"column":${source.column}}`;
}

function symptomText(symptom: Symptom): string {
  return `{"kind":${quoted(symptom.kind)},"text":${quoted(symptom.text)}}`;
}

function list<T>(items: readonly T[], text: (item: T) => string): string {
  let out = '[';
  for (let i = 0; i < items.length; i++) out += (i > 0 ? ',' : '') + text(items[i]!);
  return `${out}]`;
}

function orNull(text: string | null): string {
  return text === null ? 'null' : quoted(text);
}

/** RFC 8259 section 7: what must be escaped; lone surrogates as JSON.stringify treats them. */
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

function quoted(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`;
}
