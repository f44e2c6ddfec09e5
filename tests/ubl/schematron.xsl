<?xml version="1.0" encoding="UTF-8"?>
<!-- ISO Schematron, as much of it as rules about invoices use, into XSLT: let, pattern, rule, assert, report, and functions of XSLT within.
     What comes out says <failed id flag/> for each assertion that does not hold. It must never drop an element that it does not know. -->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:sch="http://purl.oclc.org/dsdl/schematron" xmlns:to="to" exclude-result-prefixes="sch">
  <xsl:namespace-alias stylesheet-prefix="to" result-prefix="xsl"/>
  <xsl:output method="xml" indent="no"/>
  <xsl:variable name="ubl" select="'urn:oasis:names:specification:ubl:schema:xsd:'"/>

  <xsl:template match="/">
    <!-- the rules of the Netherlands are a pattern alone, without a schema around it that would name the prefixes -->
    <xsl:variable name="prefixes" as="map(xs:string, xs:string)" xmlns:xs="http://www.w3.org/2001/XMLSchema" select="
      if (sch:schema) then map:merge(sch:schema/sch:ns!map{string(@prefix): string(@uri)})
      else map{'cbc': $ubl||'CommonBasicComponents-2', 'cac': $ubl||'CommonAggregateComponents-2', 'ubl': $ubl||'Invoice-2', 'cn': $ubl||'CreditNote-2',
               'xs': 'http://www.w3.org/2001/XMLSchema'}" xmlns:map="http://www.w3.org/2005/xpath-functions/map"/>
    <to:stylesheet version="3.0">
      <xsl:for-each select="map:keys($prefixes)" xmlns:map="http://www.w3.org/2005/xpath-functions/map">
        <xsl:namespace name="{.}" select="$prefixes(.)"/>
      </xsl:for-each>
      <xsl:copy-of select="/sch:schema/xsl:function"/>
      <!-- a pattern's own names stand in the contexts of its rules, so they are the whole stylesheet's -->
      <xsl:apply-templates select="/sch:schema/sch:let, //sch:pattern/sch:let"/>
      <to:template match="/">
        <to:document>
          <xsl:for-each select="//sch:pattern">
            <to:apply-templates select="/" mode="p{position()}"/>
          </xsl:for-each>
        </to:document>
      </to:template>
      <xsl:for-each select="//sch:pattern">
        <xsl:variable name="mode" select="'p'||position()"/>
        <to:template match="/ | @* | node()" mode="{$mode}" priority="-1">
          <to:apply-templates select="@*, node()" mode="{$mode}"/>
        </to:template>
        <xsl:apply-templates select="sch:rule">
          <xsl:with-param name="mode" select="$mode"/>
        </xsl:apply-templates>
      </xsl:for-each>
    </to:stylesheet>
  </xsl:template>

  <xsl:template match="sch:let">
    <to:variable name="{@name}" select="{@value}"/>
  </xsl:template>

  <!-- of the rules of a pattern the first that a node fits is the one -->
  <xsl:template match="sch:rule">
    <xsl:param name="mode"/>
    <to:template match="{@context}" mode="{$mode}" priority="{10000 - count(preceding-sibling::sch:rule)}">
      <xsl:apply-templates/>
      <to:apply-templates select="@*, node()" mode="{$mode}"/>
    </to:template>
  </xsl:template>

  <xsl:template match="sch:assert">
    <to:if test="not({@test})">
      <failed id="{@id}" flag="{(@flag, ../@flag, 'fatal')[1]}"/>
    </to:if>
  </xsl:template>
  <xsl:template match="sch:report">
    <to:if test="{@test}">
      <failed id="{@id}" flag="{(@flag, ../@flag, 'fatal')[1]}"/>
    </to:if>
  </xsl:template>

  <xsl:template match="text()"/>
  <xsl:template match="*" priority="-2">
    <xsl:message terminate="yes">What of Schematron is this? <xsl:value-of select="name()"/></xsl:message>
  </xsl:template>
</xsl:stylesheet>
