"""The story of each fictional wijk, in Dutch, for the first lines of its page."""

from __future__ import annotations

from lekp_lib.wording import number

__all__ = ["story"]

_NOTICE = """\
**Deze wijk is verzonnen.** Geen enkele straat, woning of bewoner bestaat echt. De kaarten
van deze wijk hebben daarom geen achtergrond. De cijfers tonen hoe het platform werkt. Trek er
geen besluit uit over een echte plaats.
"""

_STORIES = {
    "station_belt": """\
Wie in de Stationsbuurt uit de trein stapt, staat meteen op een plein met bomen en cafés. Van
daar loopt de Stationsstraat, met winkels en appartementen erboven, de wijk in. Links en rechts
liggen lange straten met smalle rijhuizen. De meeste zijn gebouwd tussen 1880 en 1935, voor
mensen die in de weverij en op het spoor werkten. Samen telt de buurt {dwellings} woningen.

De huizen zijn diep en smal, vaak met een keuken achteraan en een koertje. Spouwmuren zijn er
zelden en op de gevel is weinig plaats voor isolatie: het voetpad is maar een meter breed. Bijna
alle huizen hebben een gasketel. Parkeren gebeurt op straat, en bomen staan er alleen op het
plein, in het parkje en in een paar straten.

Toch heeft de buurt een troef. Naast het spoor draait een koekjesfabriek dag en nacht, en haar
ovens blazen warmte weg die niemand gebruikt. Kan een warmtenet die warmte naar de rijhuizen
brengen? Is er ook plaats voor bomen als de lege parking van de supermarkt 's avonds openblijft
voor de buren? Dat rekenen we hier na.
""",
    "garden_quarter": """\
Lindeveld werd getekend rond een gazon. Vanaf dat halfronde park waaieren de straten uit, met
linden langs het voetpad en rijtjes van vier tot acht huizen die telkens een eindje van de
straat staan. De sociale woonmaatschappij bouwde de wijk tussen 1949 en 1968, op het einde ook
met enkele blokken van vier lagen. Vandaag zijn er {dwellings} woningen, een school, een
speelplein en een wijkhuis.

De meeste bewoners huren van de woonmaatschappij. Ongeveer een op de vijf woningen is van een
eigenaar die er zelf woont: wie vroeger kon kopen, deed dat, en zo staan verkochte en
gehuurde huizen nu onder een en hetzelfde dak. Dat maakt renoveren lastig. Een nieuw dak voor een
hele rij vraagt een akkoord tussen de woonmaatschappij en gezinnen met een klein budget.

De huizen zijn stevig, maar de muren zijn dun en de ketels oud. Er is wel ruimte: voortuinen,
brede bermen en één grote eigenaar met wie u rond de tafel kunt. Hoe neemt u iedereen mee, ook wie
niet kan lenen of weinig Nederlands spreekt? Die vraag staat hier voorop.
""",
    "allotment": """\
Meersbeek is een verkaveling zoals er in Vlaanderen honderden zijn. Rond 1980 werd een weide in
kavels verdeeld: een verbindingsweg, twee kronkelende straten en daaraan lussen en doodlopende
straatjes met namen van vogels. Wie er bouwde, koos zelf een plan. Zo staan er nu {dwellings}
woningen, bijna allemaal open, op percelen van 15 tot 22 meter breed, met een voortuin, een oprit
en een garage.

De eerste bewoners zijn nu rond de zeventig. De kinderen zijn het huis uit, de bovenverdieping
staat leeg en de tuin wordt groot. Winkels zijn er niet; voor brood neemt u de fiets of, meestal,
de auto. Er staan er twee op vele opritten en de brede straat blijft dan leeg.

De huizen hebben wat isolatie, maar te weinig, en ze staan ver uit elkaar. Voor een warmtenet
moet er veel buis in de grond voor weinig warmte. Dat antwoord mag ook neen zijn: dan helpt een
warmtepomp per huis misschien beter. En de straat? Die is vooral asfalt, terwijl het water bij
zware regen nergens heen kan. Hier rekenen we uit wat er wel kan.
""",
}


def story(kind: str, dwellings: int) -> str:
    """
    Return the story of a wijk as Markdown, without a heading.

    Parameters
    ----------
    kind : str
        Kind of wijk.
    dwellings : int
        Dwellings it has.
    """
    return f"{_NOTICE}\n{_STORIES[kind].format(dwellings=number(dwellings))}"
