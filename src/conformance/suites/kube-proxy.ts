/** Suite `kube-proxy`: which endpoints kube-proxy's rules choose for a first packet, and whether it is masqueraded; which
 *  rules, names and probabilities it writes. The facts are those of kube-proxy's own tests (facts only; Kubernetes is
 *  under Apache-2.0). */
import { InputError, type World } from '../../index.ts';
import { readCases } from '../cases-file.ts';
import type { Report } from '../report.ts';
import type { Suite } from '../suite.ts';
import { differences, outcomeOf, traceFlow } from './kube-proxy-flow.ts';
import { type CasesFile, casesFile, type Scenario } from './kube-proxy-format.ts';
import { checkGoldenRules } from './kube-proxy-golden.ts';
import { checkChainNames, checkProbabilities } from './kube-proxy-names.ts';
import { nodeRules } from './kube-proxy-rules.ts';
import { checkSelection } from './kube-proxy-selection.ts';
import { worldOf } from './kube-proxy-world.ts';

/** The project's own cases, from the folder where npm runs scripts. */
const DEFAULT_CASES = 'test/conformance/kube-proxy-cases.json';

const MODE = 'iptables';

export const kubeProxy: Suite = {
  name: 'kube-proxy',
  summary: 'packets through the rules of kube-proxy, against the facts of its own tests',
  options: {},
  run({ cases = DEFAULT_CASES }, report) {
    const file = readCases(cases, casesFile);
    for (const scenario of file.scenarios) checkScenario(scenario, report);
    for (const one of file.selectionCases) attempt(report, `selection/${one.id}`, () => checkSelection(one));
    if (file.goldenRules) checkGolden(file, report);
    if (file.chainNames) checkChainNames(file.chainNames, report);
    if (file.probabilities) checkProbabilities(file.probabilities, report);
  },
};

function checkScenario(scenario: Scenario, report: Report): void {
  if (!report.wantsBelow(scenario.id)) return;
  const applies = scenario.modes.includes(MODE);
  const world = lazily(() => worldOf(scenario));
  for (const flow of scenario.flows) {
    const id = `${scenario.id}/${flow.name}`;
    if (!applies || (flow.modes && !flow.modes.includes(MODE))) {
      const modes = (applies ? flow.modes! : scenario.modes).join(', ');
      report.notApplicable(id, `a flow of mode ${modes}; vpcsim models mode ${MODE}`);
    } else if (report.wants(id))
      attempt(report, id, () => {
        const outcome = outcomeOf(traceFlow(world(), scenario.proxy, flow));
        return differences(flow.expectByMode?.[MODE] ?? flow.expect, outcome);
      });
  }
  if (applies && scenario.expectMartianDropRule !== undefined) checkLoopbackShield(scenario, world, report);
}

/** The rule that drops packets from outside to 127.0.0.0/8. */
function checkLoopbackShield(
  { id: scenario, proxy, expectMartianDropRule: expected }: Scenario,
  world: () => World,
  report: Report,
): void {
  const id = `${scenario}/rule that shields loopback`;
  const { family, nodeName } = proxy;
  if (!expected && family === 'IPv4')
    report.notApplicable(id, 'the kubelet of every node writes the rule that kube-proxy is not to write');
  else
    attempt(report, id, () => {
      const rules = nodeRules(world(), nodeName, { family, table: 'filter', chain: 'KUBE-FIREWALL' });
      const found = rules.some(({ rule }) => /-d 127\.0\.0\.0\/8 .*-j DROP/.test(rule));
      return found === expected
        ? []
        : [`expected ${expected ? 'one' : 'none'}, got ${found ? 'one' : 'none'}`];
    });
}

function checkGolden({ goldenRules, scenarios }: CasesFile, report: Report): void {
  const { scenario: id, mode } = goldenRules!;
  const scenario = scenarios.find((each) => each.id === id);
  if (mode !== MODE) report.notApplicable('golden', `rules of mode ${mode}; vpcsim models mode ${MODE}`);
  else if (!scenario) report.ran('golden', [`there is no scenario ${id}`]);
  else checkGoldenRules(goldenRules!, scenario, report);
}

/** A case that cannot be put as a topology or a flow differs: it says what stands against it. */
function attempt(report: Report, id: string, check: () => readonly string[]): void {
  if (!report.wants(id)) return;
  try {
    report.ran(id, check());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    report.ran(
      id,
      error.issues.map(({ code, message }) => `${code}  ${message}`),
    );
  }
}

/** Built when first asked for: a mistake in it is told of every case that asks. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
