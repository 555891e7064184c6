import {
  choice,
  fixed,
  lookup,
  lookups,
  type PlatformTable,
  readOnly,
  reasons,
  required,
  text,
  yesNo,
} from './short-columns.ts';

/** Tables whose rows a system job can report as duplicates. */
const tablesWithDuplicates = ['account', 'contact', 'lead', 'incident', 'opportunity'];

/** The tables of duplicate detection: rules, their conditions, and what jobs have found. */
export const duplicateTables: Readonly<Record<string, PlatformTable>> = {
  duplicaterule: {
    ...{ code: 4414, schema: 'DuplicateRule', set: 'duplicaterules' },
    ...{ display: 'Duplicate Detection Rule', plural: 'Duplicate Detection Rules' },
    ...{ primaryName: 'name', ownership: 'UserOwned' },
    columns: {
      name: { ...text(160), ...required },
      uniquename: text(100),
      description: text(2000),
      baseentityname: { ...text(160), required: 'ApplicationRequired' },
      matchingentityname: text(160),
      iscasesensitive: yesNo(false),
      excludeinactiverecords: yesNo(false),
      statecode: { ...choice({ 0: 'Inactive', 1: 'Active' }, 'State'), ...readOnly },
      statuscode: reasons([0, 'Unpublished', 0], [1, 'Publishing', 0], [2, 'Published', 1]),
    },
  },
  duplicaterulecondition: {
    ...{ code: 4416, schema: 'DuplicateRuleCondition', set: 'duplicateruleconditions' },
    ...{ display: 'Duplicate Rule Condition', plural: 'Duplicate Rule Conditions', ownership: 'None' },
    columns: {
      baseattributename: { ...text(128), ...required },
      matchingattributename: text(128),
      operatorcode: {
        ...choice({
          0: 'Exact Match',
          1: 'Same First Characters',
          2: 'Same Last Characters',
          3: 'Same Date',
          4: 'Same Date and Time',
          5: 'Exact Match (Pick List Label)',
          6: 'Exact Match (Pick List Value)',
        }),
        default: 0,
      },
      operatorparam: { type: 'Integer', min: 1, max: 2_147_483_647 },
      ignoreblankvalues: yesNo(false),
      regardingobjectid: { ...lookup('duplicaterule', 'regardingobjectid'), ...fixed },
    },
  },
  duplicaterecord: {
    ...{ code: 4415, schema: 'DuplicateRecord', set: 'duplicaterecords', primaryId: 'duplicateid' },
    ...{ display: 'Duplicate Record', plural: 'Duplicate Records', ownership: 'UserOwned' },
    columns: {
      baserecordid: lookups('baserecordid', tablesWithDuplicates),
      duplicaterecordid: lookups('duplicaterecordid', tablesWithDuplicates),
      duplicateruleid: lookup('duplicaterule', 'duplicateruleid'),
      asyncoperationid: lookup('asyncoperation', 'asyncoperationid'),
    },
  },
};
