<?xml version="1.0" encoding="UTF-8"?>
<!-- The official rules over documents, all in one run: each document must fail exactly what expected.json says of it, and by the rules of a profile that it does
     not name only what comes of that. What our own checks said of a broken document the official rules must say too, no more and no less, of the rules that both have:
     of ours without LW-*, which are stricter, BR-CO-25, which the official files leave out, and BR-NL-1 where Peppol looks at a number only if it is there.
     The source is a list: <list rules="URI" expected="URI" known="IDS"><document name="…" file="URI"/><broken name="…" file="URI" ids="IDS"/>…</list>. -->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:my="my"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" exclude-result-prefixes="#all">
  <xsl:output method="text"/>
  <xsl:mode name="dutch" on-no-match="shallow-copy"/>
  <xsl:variable name="nlcius" select="'urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0'"/>
  <xsl:variable name="compiler" select="doc('schematron.xsl')"/>
  <xsl:variable name="sets" as="document-node()*" select="
    for $file in ('CEN-EN16931-UBL.sch', 'PEPPOL-EN16931-UBL.sch', 'si-ubl-2.0-nlcius.sch')
    return transform(map{'stylesheet-node': $compiler, 'source-node': doc(/list/@rules||'/'||$file)})?output"/>
  <xsl:variable name="expected" select="json-doc(/list/@expected)?documents"/>

  <!-- what the rules about NLCIUS look at must name it -->
  <xsl:template match="/*/cbc:CustomizationID" mode="dutch">
    <xsl:copy><xsl:value-of select="$nlcius"/></xsl:copy>
  </xsl:template>

  <xsl:function name="my:failed" as="xs:string*">
    <xsl:param name="set" as="xs:integer"/>
    <xsl:param name="document" as="document-node()"/>
    <xsl:sequence select="distinct-values(transform(map{'stylesheet-node': $sets[$set], 'source-node': $document})?output//failed[@flag != 'warning']/@id/string())"/>
  </xsl:function>

  <xsl:template match="/list">
    <xsl:apply-templates select="document, broken"/>
  </xsl:template>

  <xsl:template name="told">
    <xsl:param name="failed" as="xs:string*"/>
    <xsl:param name="right" as="xs:string*"/>
    <xsl:value-of select="if (deep-equal($failed, $right)) then 'ok  ' else 'FAIL', @name||':', if (exists($failed)) then $failed else 'nothing fails',
      if (deep-equal($failed, $right)) then () else ('and wanted:', $right), '&#10;'"/>
  </xsl:template>

  <xsl:template match="broken">
    <xsl:variable name="read" select="doc(@file)"/>
    <xsl:variable name="dutch" select="$read/*/cbc:CustomizationID = $nlcius"/>
    <xsl:variable name="known" select="tokenize(/list/@known)"/>
    <xsl:call-template name="told">
      <xsl:with-param name="failed" select="sort(distinct-values((my:failed(1, $read), my:failed(if ($dutch) then 3 else 2, $read))[. = $known]))"/>
      <xsl:with-param name="right" select="sort(tokenize(@ids)[not(starts-with(., 'LW-') or . = 'BR-CO-25' or (. = 'BR-NL-1' and not($dutch)))])"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="document">
    <xsl:variable name="read" select="doc(@file)"/>
    <xsl:variable name="told" as="xs:string*" select="if (map:contains($expected, @name)) then array:flatten($expected(@name)?expect_failed_rules) else ()"
      xmlns:map="http://www.w3.org/2005/xpath-functions/map" xmlns:array="http://www.w3.org/2005/xpath-functions/array"/>
    <xsl:variable name="dutch" select="$read/*/cbc:CustomizationID = $nlcius or (some $one in $told satisfies contains($one, '(NLCIUS only'))"/>
    <xsl:variable name="as-dutch" as="document-node()">
      <xsl:document><xsl:apply-templates select="$read" mode="dutch"/></xsl:document>
    </xsl:variable>
    <xsl:variable name="failed" as="xs:string*" select="sort(distinct-values((my:failed(1, $read), my:failed(2, $read), my:failed(3, if ($dutch) then $as-dutch else $read))))"/>
    <xsl:variable name="right" as="xs:string*" select="sort(distinct-values(($told!tokenize(., ' ')[1], if ($read/*/cbc:CustomizationID = $nlcius) then 'PEPPOL-EN16931-R004' else ())))"/>
    <xsl:call-template name="told">
      <xsl:with-param name="failed" select="$failed"/>
      <xsl:with-param name="right" select="$right"/>
    </xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
