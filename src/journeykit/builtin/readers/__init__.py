"""One file per format; each makes events of the tables that a CRM exports, as Ibis expressions."""
