/** Descriptions from the table reference of Microsoft (CC BY 4.0), of tables without an early-bound class in the samples. */
export const tableDescriptions: Readonly<Record<string, string>> = {
  activitypointer:
    'Task performed, or to be performed, by a user. An activity is any action for which an entry can be made on a calendar.',
  annotation: 'Note that is attached to one or more objects, including other notes.',
  appointment: 'Commitment representing a time interval with start/end times and duration.',
  campaign:
    'Container for campaign activities and responses, sales literature, products, and lists to create, plan, execute, and track the results of a specific marketing campaign through its life.',
  competitor: 'Business competing for the sale represented by a lead or opportunity.',
  connection: 'Relationship between two entities.',
  email: 'Activity that is delivered using email protocols.',
  entitlement: 'Defines the amount and type of support a customer should receive.',
  fax: 'Activity that tracks call outcome and number of pages for a fax and optionally stores an electronic copy of the document.',
  incident: 'Service request case associated with a contract.',
  invoice: 'Order that has been billed.',
  knowledgearticle: 'Organizational knowledge for internal and external use.',
  lead: 'Prospect or potential sales opportunity. Leads are converted into accounts, contacts, or opportunities when they are qualified. Otherwise, they are deleted or archived.',
  list: 'Group of existing or potential customers created for a marketing campaign or other sales purposes.',
  opportunity:
    'Potential revenue-generating event, or sale to an account, which needs to be tracked through a sales process to completion.',
  phonecall: 'Activity to track a telephone call.',
  pricelevel: 'Entity that defines pricing levels.',
  product: 'Information about products and their pricing information.',
  queue: 'A list of records that require action, such as accounts, activities, and cases.',
  queueitem: 'A specific item in a queue, such as a case record or an activity record.',
  quote:
    'Formal offer for products and/or services, proposed at specific prices and related payment terms, which is sent to a prospective customer.',
  recurringappointmentmaster: 'The Master appointment of a recurring appointment series.',
  salesorder: 'Quote that has been accepted.',
  savedquery: 'Saved query against the database.',
  subject: 'Information regarding subjects available in the system.',
  task: 'Generic activity representing work needed to be done.',
  template: 'Template for an email message that contains the standard attributes of an email message.',
  transactioncurrency: 'Currency in which a financial transaction is carried out.',
  uom: 'Unit of measure.',
  userquery: 'Saved database query that is owned by a user.',
};
