/**
 * The elements and attributes of FetchXML as data: Microsoft's XML schema, and what its reference adds to it.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */

/** What an attribute accepts: any text, a Boolean, a whole number, an alias, or one of these words. */
export type FetchXmlValueType = 'text' | 'boolean' | 'integer' | 'alias' | readonly string[];

export interface FetchXmlElementType {
  readonly attributes: Readonly<Record<string, FetchXmlValueType>>;
  readonly required?: readonly string[];
  readonly children: readonly string[];
}

/** Joins that return columns of the linked table. */
export const joinTypes = ['inner', 'outer', 'natural', 'matchfirstrowusingcrossapply'] as const;

/** Joins that only restrict the rows of the parent. */
export const semiJoinTypes = ['exists', 'in', 'any', 'not any', 'all', 'not all'] as const;

/** Those of them that Microsoft documents only inside of a filter. */
export const filterLinkTypes: readonly string[] = ['any', 'not any', 'all', 'not all'];

export const aggregateFunctions = ['count', 'countcolumn', 'sum', 'avg', 'min', 'max'] as const;

export const dateGroupings = [
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'fiscal-period',
  'fiscal-year',
] as const;

const columnsAndFilters = ['attribute', 'all-attributes', 'no-attrs', 'order', 'filter', 'link-entity'];

const elements: Readonly<Record<string, FetchXmlElementType>> = {
  fetch: {
    attributes: {
      version: 'text',
      mapping: 'text',
      'output-format': 'text',
      count: 'integer',
      page: 'integer',
      'paging-cookie': 'text',
      top: 'integer',
      aggregate: 'boolean',
      aggregatelimit: 'integer',
      distinct: 'boolean',
      returntotalrecordcount: 'boolean',
      useraworderby: 'boolean',
      latematerialize: 'boolean',
      options: 'text',
      datasource: 'text',
      'no-lock': 'boolean',
      'utc-offset': 'text',
      'min-active-row-version': 'boolean',
      savedqueryid: 'text',
    },
    children: ['entity', 'order'],
  },
  entity: {
    attributes: { name: 'text', enableprefiltering: 'boolean', prefilterparametername: 'text' },
    required: ['name'],
    children: columnsAndFilters,
  },
  'link-entity': {
    attributes: {
      name: 'text',
      from: 'text',
      to: 'text',
      alias: 'alias',
      'link-type': [...joinTypes, ...semiJoinTypes],
      intersect: 'boolean',
      visible: 'boolean',
      enableprefiltering: 'boolean',
      prefilterparametername: 'text',
    },
    required: ['name'],
    children: columnsAndFilters,
  },
  attribute: {
    attributes: {
      name: 'text',
      alias: 'alias',
      aggregate: aggregateFunctions,
      groupby: 'boolean',
      dategrouping: dateGroupings,
      usertimezone: 'boolean',
      distinct: 'boolean',
      rowaggregate: ['CountChildren'],
      build: 'text',
      addedby: 'text',
    },
    required: ['name'],
    children: [],
  },
  'all-attributes': { attributes: {}, children: [] },
  'no-attrs': { attributes: {}, children: [] },
  order: {
    attributes: { attribute: 'text', alias: 'text', entityname: 'text', descending: 'boolean' },
    children: [],
  },
  filter: {
    attributes: {
      type: ['and', 'or'],
      hint: 'text',
      isquickfindfields: 'boolean',
      overridequickfindrecordlimitenabled: 'boolean',
      overridequickfindrecordlimitdisabled: 'boolean',
    },
    children: ['condition', 'filter', 'link-entity'],
  },
  condition: {
    attributes: {
      attribute: 'text',
      operator: 'text',
      value: 'text',
      valueof: 'text',
      entityname: 'text',
      column: 'text',
      aggregate: aggregateFunctions,
      rowaggregate: 'text',
      alias: 'text',
      uiname: 'text',
      uitype: 'text',
      uihidden: 'text',
    },
    required: ['attribute', 'operator'],
    children: ['value'],
  },
  value: { attributes: { uiname: 'text', uitype: 'text' }, children: [] },
};

/** The definition of an element; undefined if FetchXML has no element of this name. */
export function findElementType(name: string): FetchXmlElementType | undefined {
  return Object.hasOwn(elements, name) ? elements[name] : undefined;
}
