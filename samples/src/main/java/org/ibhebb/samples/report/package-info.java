/** Charts, pages, tables and progress bars: how results look to people. */
package org.ibhebb.samples.report;
