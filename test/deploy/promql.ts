import { parser } from '@prometheus-io/lezer-promql';
import type { Sample } from '../support/scrape.ts';

/** A selector of an expression: a metric with label matchers. */
interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** The metrics and labels that an expression uses. */
export interface Used {
  readonly selectors: readonly Selector[];
  /** The labels in the `by`, `on` and similar clauses of the expression. */
  readonly grouping: readonly string[];
}

/**
 * Parses a PromQL expression with Prometheus' own grammar.
 * @throws on a syntax error.
 */
export function readExpression(text: string): Used {
  const selectors: { metric: string; matchers: { label: string; operator: string; value: string }[] }[] = [];
  const grouping: string[] = [];
  let isGrouping = false;
  parser.parse(text).iterate({
    enter({ type, name, from, to }) {
      const here = text.slice(from, to);
      if (type.isError)
        throw new Error(`not a PromQL expression: syntax error at ${JSON.stringify(text.slice(from))} in ${text}`);
      if (name === 'VectorSelector') selectors.push({ metric: '', matchers: [] });
      const selector = selectors.at(-1);
      const matcher = selector?.matchers.at(-1);
      if (name === 'Identifier' && selector) selector.metric = here;
      else if (name === 'GroupingLabels') isGrouping = true;
      else if (name === 'UnquotedLabelMatcher') selector?.matchers.push({ label: '', operator: '', value: '' });
      else if (name === 'LabelName' && isGrouping) grouping.push(here);
      else if (name === 'LabelName' && matcher) matcher.label = here;
      else if (name === 'MatchOp' && matcher) matcher.operator = here;
      else if (name === 'StringLiteral' && matcher) matcher.value = JSON.parse(here);
    },
    leave({ name }) {
      if (name === 'GroupingLabels') isGrouping = false;
    },
  });
  return { selectors, grouping };
}

/** The labels that Prometheus adds to every sample of a scrape. */
const ofTargets = ['job', 'instance'];

/** Finds what an expression uses but no process exports: metrics, labels and label values. */
export function findUnknown(expression: string, samples: readonly Sample[]): string[] {
  const { selectors, grouping } = readExpression(expression);
  const unknown: string[] = [];
  const known = new Set(ofTargets);
  for (const { metric, matchers } of selectors) {
    const told = samples.filter(({ name }) => name === metric);
    if (told.length === 0) unknown.push(`no process exports ${metric}`);
    for (const { labels } of told) for (const label of Object.keys(labels)) known.add(label);
    for (const { label, operator, value } of matchers) {
      const values = new Set(told.flatMap(({ labels }) => labels[label] ?? []));
      const fits = (each: string) =>
        operator.includes('~') ? new RegExp(`^(?:${value})$`).test(each) : each === value;
      if (values.size === 0) unknown.push(`${metric} has no label ${label}`);
      // A pattern may match values that have not occurred yet, such as status 500.
      else if (operator === '=' && ![...values].some(fits)) unknown.push(`no ${label} of ${metric} is ${value}`);
    }
  }
  for (const label of grouping) if (!known.has(label)) unknown.push(`no metric has the label ${label} to group by`);
  return unknown;
}

/** The labels of the result of an expression: the labels it groups by, or those of its metrics. */
export function labelsOf(expression: string, samples: readonly Sample[]): Set<string> {
  const { selectors, grouping } = readExpression(expression);
  if (/^\s*(sum|max|min|avg|count)\b/.test(expression) || /^histogram_quantile/.test(expression))
    return new Set(grouping);
  const metrics = new Set(selectors.map(({ metric }) => metric));
  const told = samples.filter(({ name }) => metrics.has(name)).flatMap(({ labels }) => Object.keys(labels));
  return new Set([...ofTargets, ...told]);
}
