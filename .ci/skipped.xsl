<?xml version="1.0" encoding="UTF-8"?>
<!-- What was skipped, of one of Surefire's reports: a line for each test class and reason, with their number. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text"/>
  <!-- The reason of a condition is an attribute; that of an assumption is the first line of its stack trace. -->
  <xsl:key name="reason" match="skipped" use="concat(@message, substring-before(., '&#10;'))"/>
  <xsl:template match="/">
    <xsl:for-each select="//skipped[generate-id() = generate-id(
        key('reason', concat(@message, substring-before(., '&#10;')))[1])]">
      <xsl:variable name="reason" select="concat(@message, substring-before(., '&#10;'))"/>
      <xsl:value-of select="concat(count(key('reason', $reason)), ' of ', ../@classname, ': ')"/>
      <xsl:choose>
        <xsl:when test="contains($reason, ' ==&gt; ')">
          <xsl:value-of select="substring-after($reason, ' ==&gt; ')"/>
        </xsl:when>
        <xsl:when test="contains($reason, 'Assumption failed: ')">
          <xsl:value-of select="substring-after($reason, 'Assumption failed: ')"/>
        </xsl:when>
        <xsl:when test="contains($reason, 'Exception: ')">
          <xsl:value-of select="substring-after($reason, 'Exception: ')"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:value-of select="$reason"/>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:text>&#10;</xsl:text>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
