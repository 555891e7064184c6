import { joinWithOr } from '../../errors/join-with-or.ts';
import { suggest } from '../../errors/suggest.ts';
import { type FetchXmlIssue, type FetchXmlIssueDetails, reportFetchXml } from './fetchxml-issue.ts';
import { type FetchXmlElementType, type FetchXmlValueType, findElementType } from './fetchxml-schema.ts';
import type { XmlAttributeSpans, XmlElement } from './read-xml.ts';

/** Checks an element and those in it against the schema: names, required attributes and the values of attributes. */
export function checkElement(element: XmlElement, issues: FetchXmlIssue[]): void {
  const type = findElementType(element.name);
  if (type === undefined) return;
  checkRequired(element, type, issues);
  for (const [name, value] of Object.entries(element.attributes)) {
    const spans = element.attributeSpans[name];
    // Attributes with a prefix are those of tools: xmlns:generator="MarkMpn.SQL4CDS".
    if (spans === undefined || name.startsWith('xmlns') || name.includes(':')) continue;
    const valueType = Object.hasOwn(type.attributes, name) ? type.attributes[name] : undefined;
    if (valueType === undefined) reportAttribute(name, spans, { element, type, issues });
    else checkValue({ element: element.name, name, value, type: valueType, spans }, issues);
  }
  for (const child of element.children) {
    if (type.children.includes(child.name)) checkElement(child, issues);
    else reportElement(child, type, issues);
  }
}

function checkRequired(element: XmlElement, { required = [] }: FetchXmlElementType, issues: FetchXmlIssue[]) {
  const missing = required.filter((name) => element.attributes[name] === undefined);
  if (missing.length === 0) return;
  reportFetchXml(issues, element, {
    rule: element.name === 'entity' ? 'entity' : 'requiredAttribute',
    code: 'Q171',
    message: `<${element.name}> needs ${missing.join(' and ')}.`,
    fix: `Write ${missing.map((name) => `${name}="…"`).join(' ')}.`,
  });
}

function reportElement(child: XmlElement, { children }: FetchXmlElementType, issues: FetchXmlIssue[]): void {
  const [near] = suggest(child.name, children, 1);
  const others =
    children.length > 0 ? `Use one of: ${children.join(', ')}.` : 'Remove it: no element is allowed here.';
  reportFetchXml(issues, child, {
    rule: 'element',
    code: 'Q171',
    message: `<${child.name}> is not allowed here.`,
    fix: near === undefined ? others : `Did you mean <${near}>?`,
  });
}

/** A misspelled attribute is an error; an attribute that is like no other has no effect. */
function reportAttribute(
  name: string,
  spans: XmlAttributeSpans,
  { element, type, issues }: { element: XmlElement; type: FetchXmlElementType; issues: FetchXmlIssue[] },
): void {
  const free = Object.keys(type.attributes).filter((known) => element.attributes[known] === undefined);
  const [near] = suggest(name, free, 1);
  const message = `<${element.name}> has no attribute ${name}.`;
  const details: FetchXmlIssueDetails =
    near === undefined
      ? { severity: 'warning', code: 'Q171', message, fix: 'Remove it: it has no effect.' }
      : { rule: 'attribute', code: 'Q171', message, fix: `Did you mean ${near}?`, text: near };
  reportFetchXml(issues, spans.name, details);
}

interface AttributeValue {
  readonly element: string;
  readonly name: string;
  readonly value: string;
  readonly type: FetchXmlValueType;
  readonly spans: XmlAttributeSpans;
}

/** Values that have a rule of their own, because Dataverse answers them with a code of their own. */
const ruleOfValue: Readonly<Record<string, FetchXmlIssue['rule']>> = {
  'link-type': 'linkType',
  aggregate: 'aggregateFunction',
  dategrouping: 'dateGrouping',
  type: 'filterType',
};

function checkValue(attribute: AttributeValue, issues: FetchXmlIssue[]): void {
  const { name, value, type, spans } = attribute;
  if (type === 'text') return;
  if (type === 'boolean' && !/^(?:true|false|1|0)$/i.test(value))
    reportValue(attribute, { message: `${name} is true or false.`, fix: 'Write true or false.' }, issues);
  if (type === 'integer' && !/^\d{1,9}$/.test(value))
    reportValue(attribute, { message: `${name} is a whole number.`, fix: 'Write a number.' }, issues);
  if (type === 'alias') checkAlias(attribute, issues);
  if (typeof type === 'string' || type.includes(value)) return;
  const [near] = suggest(value, type, 1);
  reportFetchXml(issues, spans.value, {
    rule: ruleOfValue[name] ?? 'value',
    code: name === 'aggregate' || name === 'dategrouping' ? 'Q175' : 'Q171',
    message: `${name} is ${joinWithOr(type)}, not “${value}”.`,
    fix: near === undefined ? `Write ${joinWithOr(type)}.` : `Did you mean ${near}?`,
    text: near,
  });
}

function reportValue(
  { spans }: AttributeValue,
  details: Pick<FetchXmlIssueDetails, 'message' | 'fix'>,
  issues: FetchXmlIssue[],
): void {
  reportFetchXml(issues, spans.value, { rule: 'value', code: 'Q171', ...details });
}

function checkAlias({ value, spans }: AttributeValue, issues: FetchXmlIssue[]): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return;
  const repaired = value.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d|$)/, '_');
  reportFetchXml(issues, spans.value, {
    rule: 'aliasName',
    code: 'Q174',
    message: `The alias “${value}” may have only letters, digits and underscores, and no digit first.`,
    fix: `Write ${repaired}.`,
    text: repaired,
  });
}
